import logging
import tempfile
from pathlib import Path


def report(text):
    # ruleid: python.tempfiles.hardcoded-tmp-path
    with open("/tmp/report.txt", "w") as f:
        f.write(text)


def dump(data):
    # ruleid: python.tempfiles.hardcoded-tmp-path
    with open("/var/tmp/dump.bin", mode="wb") as f:
        f.write(data)


def handler():
    # ruleid: python.tempfiles.hardcoded-tmp-path
    return logging.FileHandler("/tmp/service.log")


def path_object(text):
    # ruleid: python.tempfiles.hardcoded-tmp-path
    Path("/tmp/state.json").write_text(text)


def read():
    # ok: python.tempfiles.hardcoded-tmp-path
    with open("/tmp/report.txt", "r") as f:
        return f.read()


def read_default():
    # ok: python.tempfiles.hardcoded-tmp-path
    return open("/tmp/report.txt")


def safe(text):
    # ok: python.tempfiles.hardcoded-tmp-path
    with tempfile.NamedTemporaryFile("w", prefix="report-") as f:
        f.write(text)


def service_directory(text):
    # ok: python.tempfiles.hardcoded-tmp-path
    with open("/var/lib/service/report.txt", "w") as f:
        f.write(text)
