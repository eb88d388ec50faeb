import shutil
import tarfile
import zipfile
from tarfile import open as open_tar


def unpack(path, target):
    # ruleid: python.audit.archive-extract
    tarfile.open(path).extractall(target)


def unpack_with(path, target):
    with tarfile.open(path, "r:gz") as archive:
        # ruleid: python.audit.archive-extract
        archive.extractall(target)


def unpack_members(path, target):
    archive = open_tar(path)
    for member in archive.getmembers():
        # ruleid: python.audit.archive-extract
        archive.extract(member, target)


def unpack_any(path, target):
    # ruleid: python.audit.archive-extract
    shutil.unpack_archive(path, target)


def safe(path, target):
    with tarfile.open(path) as archive:
        # ok: python.audit.archive-extract
        archive.extractall(target, filter="data")


def checked(path, target, check):
    with tarfile.open(path) as archive:
        # ok: python.audit.archive-extract
        archive.extractall(target, members=check(archive))


def safe_zip(path, target):
    with zipfile.ZipFile(path) as archive:
        # ok: python.audit.archive-extract
        archive.extractall(target)


def safe_any(path, target):
    # ok: python.audit.archive-extract
    shutil.unpack_archive(path, target, filter="data")


def zip_only(path, target):
    # ok: python.audit.archive-extract
    shutil.unpack_archive(path, target, format="zip")
