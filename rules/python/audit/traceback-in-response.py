import traceback

from django.http import HttpResponse
from fastapi import HTTPException
from flask import Flask

app = Flask(__name__)


@app.route("/orders")
def orders():
    try:
        return load()
    except ValueError:
        # ruleid: python.audit.traceback-in-response
        return "<pre>" + traceback.format_exc() + "</pre>", 500


def django_view(request):
    try:
        return HttpResponse(load())
    except ValueError:
        response = None
        # ruleid: python.audit.traceback-in-response
        response = HttpResponse(traceback.format_exc(), status=500)
        return response


def endpoint():
    try:
        return load()
    except ValueError:
        # ruleid: python.audit.traceback-in-response
        raise HTTPException(status_code=500, detail=traceback.format_exc())


@app.route("/safe")
def safe():
    try:
        return load()
    except ValueError:
        # ok: python.audit.traceback-in-response
        app.logger.error(traceback.format_exc())
        # ok: python.audit.traceback-in-response
        return {"error": "internal error"}, 500


def describe_error():
    # ok: python.audit.traceback-in-response
    return traceback.format_exc()


def load():
    return "ok"
