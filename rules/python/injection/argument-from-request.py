import subprocess

from django.http import HttpResponse, HttpResponseBadRequest
from rest_framework.views import APIView


def clone(request):
    url = request.POST["repository"]
    # ruleid: python.injection.argument-from-request
    subprocess.run(["git", "clone", url, "/srv/repos/new"], check=True)
    return HttpResponse("cloned")


def fetch(target):
    # ruleid: python.injection.argument-from-request
    return subprocess.check_output(["/usr/bin/curl", "-s", target])


class Preview(APIView):
    def get(self, request):
        return HttpResponse(fetch(request.query_params["target"]))


def find(request):
    name = request.GET.get("name")
    # ruleid: python.injection.argument-from-request
    return HttpResponse(subprocess.check_output(["find", "/srv/data", name]))


def clone_safe(request):
    # ok: python.injection.argument-from-request
    subprocess.run(["git", "clone", "--", request.POST["repository"], "/srv/repos/new"], check=True)
    return HttpResponse("cloned")


def clone_checked(request):
    url = request.POST["repository"]
    if url.startswith("-"):
        return HttpResponseBadRequest("bad address")
    # ok: python.injection.argument-from-request
    subprocess.run(["git", "clone", url, "/srv/repos/new"], check=True)
    return HttpResponse("cloned")


def echo(request):
    # ok: python.injection.argument-from-request
    return HttpResponse(subprocess.check_output(["echo", request.GET["text"]]))


def depth(request):
    # ok: python.injection.argument-from-request
    subprocess.run(["git", "log", "--max-count=" + request.GET["n"]], check=True)
    return HttpResponse("ok")
