import os
from pathlib import Path

from aiohttp import web
from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse
from flask import Flask, request, send_file, send_from_directory
from sanic import Sanic
from sanic.response import file

app = Flask(__name__)
api = FastAPI()
server = Sanic("files")
FOLDER = Path("/srv/files").resolve()


@app.route("/download")
def download():
    path = "/srv/files/" + request.args["name"]
    # ruleid: python.injection.path-send-from-request
    return send_file(path, as_attachment=True)


@api.get("/download/{name:path}")
def download_async(name: str):
    # ruleid: python.injection.path-send-from-request
    return FileResponse(os.path.join("/srv/files", name))


@server.get("/download/<name:path>")
async def download_sanic(request, name):
    # ruleid: python.injection.path-send-from-request
    return await file(f"/srv/files/{name}")


def answer(path):
    # ruleid: python.injection.path-send-from-request
    return web.FileResponse(path)


async def handler(request):
    return answer("/srv/files/" + request.query["name"])


@app.route("/confined")
def confined():
    # ok: python.injection.path-send-from-request
    return send_from_directory("/srv/files", request.args["name"])


@api.get("/checked/{name}")
def checked(name: str):
    path = (FOLDER / name).resolve()
    if not path.is_relative_to(FOLDER):
        raise HTTPException(404)
    # ok: python.injection.path-send-from-request
    return FileResponse(path)


@api.get("/report/{number}")
def report(number: int):
    # ok: python.injection.path-send-from-request
    return FileResponse(f"/srv/files/{number}.pdf")


@app.route("/logo")
def logo():
    # ok: python.injection.path-send-from-request
    return send_file("static/logo.png", download_name=request.args.get("as", "logo.png"))
