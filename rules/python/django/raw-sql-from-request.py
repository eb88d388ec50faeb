from django.db.models.expressions import RawSQL
from django.http import JsonResponse
from django.views import View
from rest_framework.views import APIView

from .models import Article, User


def profile(request):
    name = request.GET.get("name")
    # ruleid: python.django.raw-sql-from-request
    users = User.objects.raw("SELECT * FROM auth_user WHERE username = '%s'" % name)
    return JsonResponse({"ids": [u.id for u in users]})


class ArticleList(View):
    def get(self, request):
        where = "title LIKE '%" + self.request.GET["q"] + "%'"
        # ruleid: python.django.raw-sql-from-request
        found = Article.objects.extra(where=[where])
        return JsonResponse({"count": found.count()})


class Report(APIView):
    def post(self, request):
        return JsonResponse({"rows": self.rows(request.data["expression"])})

    def rows(self, expression):
        # ruleid: python.django.raw-sql-from-request
        qs = Article.objects.annotate(score=RawSQL("SELECT " + expression, ()))
        return list(qs.values("id", "score"))


def safe_profile(request):
    name = request.GET.get("name")
    # ok: python.django.raw-sql-from-request
    users = User.objects.raw("SELECT * FROM auth_user WHERE username = %s", [name])
    return JsonResponse({"ids": [u.id for u in users]})


def safe_articles(request):
    # ok: python.django.raw-sql-from-request
    found = Article.objects.extra(where=["title LIKE %s"], params=[request.GET["q"]])
    return JsonResponse({"count": found.count()})


def sorted_articles(request):
    column = request.GET.get("sort")
    if column not in ("title", "created"):
        column = "title"
    # ok: python.django.raw-sql-from-request
    found = Article.objects.raw("SELECT * FROM article ORDER BY " + column)
    return JsonResponse({"ids": [a.id for a in found]})
