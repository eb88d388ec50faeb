import io
import os

from flask import Flask, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)
UPLOADS = "/srv/uploads"


@app.route("/download")
def download():
    # ruleid: python.audit.flask-send-file
    return send_file(request.args["path"])


@app.route("/report")
def report():
    name = request.args.get("name")
    # ruleid: python.audit.flask-send-file
    return send_file(os.path.join(UPLOADS, name), as_attachment=True)


@app.route("/files/<path:name>")
def files(name):
    # ruleid: python.audit.flask-send-file
    return send_file(UPLOADS + "/" + name)


@app.route("/safe/<path:name>")
def safe(name):
    # ok: python.audit.flask-send-file
    return send_from_directory(UPLOADS, name)


@app.route("/secure")
def secure():
    name = secure_filename(request.args["name"])
    # ok: python.audit.flask-send-file
    return send_file(os.path.join(UPLOADS, name))


@app.route("/logo")
def logo():
    # ok: python.audit.flask-send-file
    return send_file("static/logo.png")


@app.route("/chart/<kind>")
def chart(kind):
    # ok: python.audit.flask-send-file
    return send_file(io.BytesIO(draw(kind)), mimetype="image/png")


def draw(kind):
    return kind.encode()
