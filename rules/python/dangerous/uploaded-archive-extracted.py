import io
import shutil
import tarfile
import zipfile

from flask import Flask, request

app = Flask(__name__)


@app.route("/import", methods=["POST"])
def import_archive():
    upload = request.files["archive"]
    with tarfile.open(fileobj=upload.stream) as archive:
        # ruleid: python.dangerous.uploaded-archive-extracted
        archive.extractall("/srv/import")
    return "imported"


def unpack(data):
    archive = tarfile.open(fileobj=io.BytesIO(data), mode="r:gz")
    # ruleid: python.dangerous.uploaded-archive-extracted
    archive.extractall("/srv/import")


@app.route("/raw", methods=["POST"])
def raw():
    unpack(request.get_data())
    return "imported"


@app.route("/path", methods=["POST"])
def by_path():
    # ruleid: python.dangerous.uploaded-archive-extracted
    shutil.unpack_archive(request.form["path"], "/srv/import")
    return "imported"


@app.route("/filtered", methods=["POST"])
def filtered():
    with tarfile.open(fileobj=request.files["archive"].stream) as archive:
        # ok: python.dangerous.uploaded-archive-extracted
        archive.extractall("/srv/import", filter="data")
    return "imported"


@app.route("/zip", methods=["POST"])
def zipped():
    with zipfile.ZipFile(request.files["archive"].stream) as archive:
        # ok: python.dangerous.uploaded-archive-extracted
        archive.extractall("/srv/import")
    return "imported"


def own():
    with tarfile.open("/srv/own/backup.tar") as archive:
        # ok: python.dangerous.uploaded-archive-extracted
        archive.extractall("/srv/restore")
