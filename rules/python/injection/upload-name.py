import os
import uuid

from django.core.files.storage import FileSystemStorage
from django.http import HttpResponse
from flask import Flask, request
from werkzeug.utils import secure_filename

app = Flask(__name__)
FOLDER = "/srv/uploads"


@app.route("/upload", methods=["POST"])
def upload():
    file = request.files["file"]
    # ruleid: python.injection.upload-name
    file.save(os.path.join(FOLDER, file.filename))
    return "saved"


def store(upload, name):
    # ruleid: python.injection.upload-name
    upload.save(f"{FOLDER}/{name}")


@app.route("/many", methods=["POST"])
def many():
    for item in request.files.getlist("files"):
        store(item, item.filename)
    return "saved"


def avatar(request):
    storage = FileSystemStorage()
    # ruleid: python.injection.upload-name
    storage.save("avatars/" + request.POST["name"], request.FILES["avatar"])
    return HttpResponse("saved")


@app.route("/secure", methods=["POST"])
def secure():
    file = request.files["file"]
    name = secure_filename(file.filename)
    # ok: python.injection.upload-name
    file.save(os.path.join(FOLDER, name))
    return "saved"


@app.route("/random", methods=["POST"])
def random_name():
    file = request.files["file"]
    # ok: python.injection.upload-name
    file.save(os.path.join(FOLDER, uuid.uuid4().hex))
    return "saved"


@app.route("/fixed", methods=["POST"])
def fixed():
    file = request.files["file"]
    # ok: python.injection.upload-name
    file.save("/srv/uploads/latest.bin")
    return "saved: " + file.filename
