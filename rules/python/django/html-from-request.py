import json

from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils.html import escape, format_html
from django.views import View


def hello(request):
    # ruleid: python.django.html-from-request
    return HttpResponse("<h1>Hello " + request.GET.get("name", "") + "</h1>")


def check(request):
    value = request.POST["value"]
    if not value.startswith("x"):
        # ruleid: python.django.html-from-request
        return HttpResponseBadRequest("Bad value: %s" % value)
    return HttpResponse("fine")


class Search(View):
    def get(self, request, *args, **kwargs):
        return self.page(self.request.GET["q"])

    def page(self, query):
        html = "<p>Results for {}</p>".format(query)
        # ruleid: python.django.html-from-request
        return HttpResponse(html)


def callback(request):
    # ruleid: python.django.html-from-request
    return HttpResponse("%s(%s)" % (request.GET["callback"], json.dumps({"ok": True})))


def hello_escaped(request):
    # ok: python.django.html-from-request
    return HttpResponse("<h1>Hello " + escape(request.GET["name"]) + "</h1>")


def hello_format(request):
    # ok: python.django.html-from-request
    return HttpResponse(format_html("<h1>Hello {}</h1>", request.GET["name"]))


def hello_template(request):
    # ok: python.django.html-from-request
    return render(request, "hello.html", {"name": request.GET["name"]})


def hello_plain(request):
    # ok: python.django.html-from-request
    return HttpResponse(request.GET["name"], content_type="text/plain")


def hello_json(request):
    # ok: python.django.html-from-request
    return JsonResponse({"name": request.GET["name"]})


def exported(request):
    rows = [request.GET["a"], request.GET["b"]]
    # ok: python.django.html-from-request
    return HttpResponse(";".join(rows), content_type="text/csv")
