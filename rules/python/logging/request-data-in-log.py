import json
import logging

from django.http import HttpResponse
from flask import Flask, request

app = Flask(__name__)
logger = logging.getLogger(__name__)


@app.route("/login", methods=["POST"])
def login():
    name = request.form["name"]
    # ruleid: python.logging.request-data-in-log
    logger.info("login failed for " + name)
    # ruleid: python.logging.request-data-in-log
    logging.warning("login failed for %s", name)
    # ok: python.logging.request-data-in-log
    logger.info("login failed for %r", name)
    return "failed", 401


def audit(message):
    # ruleid: python.logging.request-data-in-log
    logger.error(message)


def view(request):
    audit(f"bad agent {request.META['HTTP_USER_AGENT']}")
    return HttpResponse("no")


@app.route("/json", methods=["POST"])
def as_json():
    # ok: python.logging.request-data-in-log
    logger.info(json.dumps({"event": "login", "name": request.form["name"]}))
    return "ok"


@app.route("/clean")
def clean():
    name = request.args["name"].replace("\r", "").replace("\n", "")
    # ok: python.logging.request-data-in-log
    logger.info("search for %s", name)
    return "ok"


@app.route("/number")
def number():
    # ok: python.logging.request-data-in-log
    logger.info("page %d", int(request.args["page"]))
    return "ok"


@app.route("/fixed")
def fixed():
    value = request.args["q"]
    # ok: python.logging.request-data-in-log
    logger.info("search")
    return "found %d" % len(value)
