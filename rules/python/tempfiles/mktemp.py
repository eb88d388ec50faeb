import os
import tempfile
from tempfile import mktemp


def write(data):
    # ruleid: python.tempfiles.mktemp
    path = tempfile.mktemp(prefix="report-%d" % os.getpid(), suffix=".csv")
    with open(path, "wb") as f:
        f.write(data)
    return path


def imported():
    # ruleid: python.tempfiles.mktemp
    return mktemp()


def old():
    # ruleid: python.tempfiles.mktemp
    return os.tempnam("/var/tmp", "report")


def safe(data):
    # ok: python.tempfiles.mktemp
    with tempfile.NamedTemporaryFile(suffix=".csv") as f:
        f.write(data)


def safe_descriptor():
    # ok: python.tempfiles.mktemp
    return tempfile.mkstemp()


def safe_directory():
    # ok: python.tempfiles.mktemp
    return tempfile.mkdtemp()
