import os
import subprocess

from flask import Flask, request

app = Flask(__name__)
LANGUAGES = ("de", "en")


@app.route("/set", methods=["POST"])
def set_variable():
    # ruleid: python.injection.environment-from-request
    os.environ[request.form["name"]] = request.form["value"]
    return "", 204


@app.route("/run", methods=["POST"])
def run():
    variables = request.get_json()["env"]
    # ruleid: python.injection.environment-from-request
    subprocess.run(["report"], env=variables, check=True)
    return "", 204


def apply(values):
    # ruleid: python.injection.environment-from-request
    os.environ.update(values)


@app.route("/apply", methods=["POST"])
def apply_all():
    apply(request.json)
    return "", 204


@app.route("/language", methods=["POST"])
def language():
    value = request.form["lang"]
    if value not in LANGUAGES:
        return "unknown language", 400
    # ok: python.injection.environment-from-request
    os.environ["REPORT_LANG"] = value
    return "", 204


@app.route("/report")
def report():
    # ok: python.injection.environment-from-request
    subprocess.run(["report"], env={"PATH": "/usr/bin", "REPORT": "1"}, check=True)
    return "", 204


@app.route("/depth")
def depth():
    # ok: python.injection.environment-from-request
    os.environ.update({"DEPTH": str(int(request.args["depth"]))})
    return "", 204
