import os
import pathlib

from flask import Flask, abort, request
from werkzeug.utils import secure_filename

app = Flask(__name__)
FOLDER = pathlib.Path("/srv/reports")


@app.route("/has")
def has():
    # ruleid: python.injection.path-probe-from-request
    return str(os.path.exists("/srv/reports/" + request.args["name"]))


@app.route("/size")
def size():
    return str(size_of(request.args["name"]))


def size_of(name):
    # ruleid: python.injection.path-probe-from-request
    return os.path.getsize(os.path.join("/srv/reports", name))


@app.route("/there")
def there():
    path = FOLDER / request.args["name"]
    # ruleid: python.injection.path-probe-from-request
    return str(path.exists())


@app.route("/checked")
def checked():
    path = (FOLDER / request.args["name"]).resolve()
    if not path.is_relative_to(FOLDER):
        abort(404)
    # ok: python.injection.path-probe-from-request
    return str(path.exists())


@app.route("/name")
def name_only():
    # ok: python.injection.path-probe-from-request
    return str(os.path.exists("/srv/reports/" + secure_filename(request.args["name"])))


@app.route("/fixed")
def fixed():
    name = request.args["name"]
    name = "index"
    # ok: python.injection.path-probe-from-request
    return str(os.path.exists("/srv/reports/" + name))


@app.route("/record")
def record(users):
    # ok: python.injection.path-probe-from-request
    return str(users.filter(name=request.args["name"]).exists())
