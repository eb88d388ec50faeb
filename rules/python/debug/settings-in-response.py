import os

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from fastapi import FastAPI
from flask import Flask, current_app, jsonify

app = Flask(__name__)
api = FastAPI()


@app.route("/debug")
def debug():
    # ruleid: python.debug.settings-in-response
    return jsonify(dict(os.environ))


def status(request):
    lines = [f"{key}={value}" for key, value in os.environ.items()]
    # ruleid: python.debug.settings-in-response
    return HttpResponse("\n".join(lines), content_type="text/plain")


def answer(data):
    # ruleid: python.debug.settings-in-response
    return JsonResponse(data)


def config(request):
    return answer({"databases": settings.DATABASES})


@api.get("/settings")
async def show():
    key = os.getenv("STRIPE_SECRET_KEY")
    # ruleid: python.debug.settings-in-response
    return {"key": key}


@app.route("/version")
def version():
    # ok: python.debug.settings-in-response
    return jsonify(version=os.environ["APP_VERSION"])


@app.route("/ready")
def ready():
    configured = "DATABASE_URL" in os.environ
    # ok: python.debug.settings-in-response
    return jsonify(ready=configured)


@app.route("/title")
def title():
    # ok: python.debug.settings-in-response
    return jsonify(title=current_app.config["TITLE"])
