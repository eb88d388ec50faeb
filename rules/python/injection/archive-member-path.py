import os
import tarfile
import zipfile
from pathlib import Path


def unpack(path, target):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            # ruleid: python.injection.archive-member-path
            with open(os.path.join(target, name), "wb") as out:
                out.write(archive.read(name))


def write_member(folder, name, data):
    path = Path(folder) / name
    # ruleid: python.injection.archive-member-path
    path.write_bytes(data)


def unpack_all(path, target):
    archive = zipfile.ZipFile(path)
    for info in archive.infolist():
        write_member(target, info.filename, archive.read(info))


def unpack_tar(path, target):
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            if member.isdir():
                # ruleid: python.injection.archive-member-path
                os.makedirs(target + "/" + member.name)


def unpack_checked(path, target):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            full = os.path.realpath(os.path.join(target, name))
            if not full.startswith(target + os.sep):
                raise ValueError(name)
            # ok: python.injection.archive-member-path
            with open(full, "wb") as out:
                out.write(archive.read(name))


def unpack_flat(path, target):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            # ok: python.injection.archive-member-path
            with open(os.path.join(target, os.path.basename(name)), "wb") as out:
                out.write(archive.read(name))


def count(path):
    with zipfile.ZipFile(path) as archive:
        # ok: python.injection.archive-member-path
        with open("count.txt", "w") as out:
            out.write(str(len(archive.namelist())))


def target(folder, name):
    folder = os.path.abspath(folder)
    path = os.path.abspath(os.path.join(folder, name))
    try:
        if os.path.commonpath([folder, path]) != folder:
            raise ValueError(name)
    except ValueError:
        raise PermissionError(name)
    return path


def unpack_checked(archive, folder):
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            # ok: python.injection.archive-member-path
            with open(target(folder, name), "wb") as out:
                out.write(packed.read(name))
