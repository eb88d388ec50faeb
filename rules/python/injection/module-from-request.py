import importlib
import sys

from django.http import HttpResponse
from django.views import View
from flask import Flask, request

app = Flask(__name__)


class Service:
    def start(self):
        return "started"

    def stop(self):
        return "stopped"


service = Service()
ACTIONS = {"start": service.start, "stop": service.stop}


@app.route("/plugin")
def plugin():
    # ruleid: python.injection.module-from-request
    module = importlib.import_module(request.args["module"])
    return module.describe()


@app.route("/call", methods=["POST"])
def call():
    # ruleid: python.injection.module-from-request
    return getattr(service, request.form["action"])()


def pick(name):
    # ruleid: python.injection.module-from-request
    return globals()[name]


@app.route("/report/<kind>")
def report(kind):
    return pick(kind)()


class Dispatch(View):
    def post(self, request):
        method = getattr(self, request.POST["method"])
        return HttpResponse("prepared")


@app.route("/action", methods=["POST"])
def action():
    # ok: python.injection.module-from-request
    return ACTIONS[request.form["action"]]()


@app.route("/field")
def field():
    name = request.args["name"]
    if name not in {"title", "date"}:
        return "unknown", 400
    # ok: python.injection.module-from-request
    return getattr(service, name)()


@app.route("/prefixed", methods=["POST"])
def prefixed():
    # ok: python.injection.module-from-request
    handler = getattr(service, "on_" + request.form["event"])
    return handler()


@app.route("/version")
def version():
    # ok: python.injection.module-from-request
    return importlib.import_module("json").__name__ + sys.version
