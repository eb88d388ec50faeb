import os
import shutil
from pathlib import Path

from aiohttp import web
from flask import Flask, request
from werkzeug.utils import secure_filename

app = Flask(__name__)
ROOT = "/srv/uploads"


@app.route("/delete", methods=["POST"])
def delete():
    # ruleid: python.injection.path-delete-from-request
    os.remove(os.path.join(ROOT, request.form["file"]))
    return "", 204


async def remove_folder(request):
    data = await request.post()
    # ruleid: python.injection.path-delete-from-request
    shutil.rmtree(ROOT + "/" + data["folder"])
    return web.Response(text="removed")


def drop(name):
    path = Path(ROOT, name)
    # ruleid: python.injection.path-delete-from-request
    path.unlink(missing_ok=True)


async def remove_file(request):
    drop(request.match_info["name"])
    return web.Response(text="removed")


@app.route("/delete-safe", methods=["POST"])
def delete_safe():
    # ok: python.injection.path-delete-from-request
    os.remove(os.path.join(ROOT, secure_filename(request.form["file"])))
    return "", 204


@app.route("/delete-id", methods=["POST"])
def delete_id():
    # ok: python.injection.path-delete-from-request
    os.remove(f"{ROOT}/{int(request.form['id'])}.bin")
    return "", 204


async def cleanup(request):
    name = request.query["name"]
    if name not in os.listdir(ROOT):
        raise web.HTTPNotFound()
    # ok: python.injection.path-delete-from-request
    os.unlink(os.path.join(ROOT, name))
    return web.Response(text="removed")
