import os
from pathlib import Path

import aiofiles
from fastapi import FastAPI
from flask import Flask, abort, request
from werkzeug.utils import secure_filename

app = Flask(__name__)
api = FastAPI()
BASE = Path("/srv/files").resolve()
FILES = {"terms": "/srv/files/terms.txt"}


@app.route("/read")
def read():
    name = request.args["name"]
    # ruleid: python.injection.path-read-from-request
    with open(os.path.join("/srv/files", name)) as handle:
        return handle.read()


@app.route("/list")
def listing():
    # ruleid: python.injection.path-read-from-request
    return str(os.listdir("/srv/files/" + request.args.get("folder", "")))


def load(name):
    path = BASE / name
    # ruleid: python.injection.path-read-from-request
    return path.read_text()


@app.route("/note/<path:name>")
def note(name):
    return load(name)


@api.get("/file")
async def file(name: str):
    # ruleid: python.injection.path-read-from-request
    async with aiofiles.open(f"/srv/files/{name}") as handle:
        return await handle.read()


@app.route("/secure")
def secure():
    name = secure_filename(request.args["name"])
    # ok: python.injection.path-read-from-request
    return open(os.path.join("/srv/files", name)).read()


@app.route("/resolved")
def resolved():
    path = (BASE / request.args["name"]).resolve()
    if not path.is_relative_to(BASE):
        abort(404)
    # ok: python.injection.path-read-from-request
    return path.read_text()


@app.route("/prefix")
def prefix():
    path = os.path.realpath(os.path.join("/srv/files", request.args["name"]))
    if not path.startswith("/srv/files/"):
        abort(404)
    # ok: python.injection.path-read-from-request
    with open(path) as handle:
        return handle.read()


@app.route("/mapped")
def mapped():
    # ok: python.injection.path-read-from-request
    return open(FILES[request.args["name"]]).read()


@app.route("/numbered")
def numbered():
    # ok: python.injection.path-read-from-request
    return open("/srv/files/%d.txt" % int(request.args["id"])).read()


@app.route("/base")
def base():
    # ok: python.injection.path-read-from-request
    return open("/srv/files/" + os.path.basename(request.args["name"])).read()
