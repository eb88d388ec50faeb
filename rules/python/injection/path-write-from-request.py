import os
import shutil
import uuid
from pathlib import Path

from django.http import HttpResponse
from rest_framework.views import APIView
from starlette.requests import Request
from starlette.responses import PlainTextResponse

FOLDER = "/srv/notes"


def save(request):
    name = request.POST["name"]
    # ruleid: python.injection.path-write-from-request
    with open(os.path.join(FOLDER, name), "w") as handle:
        handle.write(request.POST["text"])
    return HttpResponse("saved")


class Folder(APIView):
    def post(self, request):
        create(request.data["folder"])
        return HttpResponse("created")


def create(folder):
    # ruleid: python.injection.path-write-from-request
    os.makedirs(f"{FOLDER}/{folder}", exist_ok=True)


async def upload(request: Request):
    form = await request.form()
    target = Path(FOLDER) / form["title"]
    # ruleid: python.injection.path-write-from-request
    target.write_bytes(await form["file"].read())
    return PlainTextResponse("saved")


def duplicate(request):
    # ruleid: python.injection.path-write-from-request
    shutil.copy(FOLDER + "/template.txt", FOLDER + "/" + request.GET["copy"])
    return HttpResponse("copied")


def save_random(request):
    # ok: python.injection.path-write-from-request
    with open(os.path.join(FOLDER, uuid.uuid4().hex), "w") as handle:
        handle.write(request.POST["text"])
    return HttpResponse("saved")


def save_base(request):
    # ok: python.injection.path-write-from-request
    with open(os.path.join(FOLDER, os.path.basename(request.POST["name"])), "w") as handle:
        handle.write(request.POST["text"])
    return HttpResponse("saved")


def save_checked(request):
    path = os.path.abspath(os.path.join(FOLDER, request.POST["name"]))
    if os.path.commonpath([FOLDER, path]) != FOLDER:
        return HttpResponse("bad name", status=400)
    # ok: python.injection.path-write-from-request
    with open(path, "w") as handle:
        handle.write(request.POST["text"])
    return HttpResponse("saved")


def save_fixed(request):
    # ok: python.injection.path-write-from-request
    Path("/srv/notes/last.txt").write_text(request.POST["text"])
    return HttpResponse("saved")
