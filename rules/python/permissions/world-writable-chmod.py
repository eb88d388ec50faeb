import os
import stat
from os import chmod
from pathlib import Path


def share(path):
    # ruleid: python.permissions.world-writable-chmod
    os.chmod(path, 0o777)


def share_imported(path):
    # ruleid: python.permissions.world-writable-chmod
    chmod(path, 0o666)


def share_decimal(path):
    # ruleid: python.permissions.world-writable-chmod
    os.chmod(path, 511)


def share_object(path: Path):
    # ruleid: python.permissions.world-writable-chmod
    path.chmod(0o757)


def share_flags(path):
    # ruleid: python.permissions.world-writable-chmod
    os.chmod(path, stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)


def private(path):
    # ok: python.permissions.world-writable-chmod
    os.chmod(path, 0o600)


def program(path):
    # ok: python.permissions.world-writable-chmod
    os.chmod(path, 0o755)


def sticky(path):
    # todook: python.permissions.world-writable-chmod
    os.chmod(path, stat.S_ISVTX | stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)


def tighten(path):
    # ok: python.permissions.world-writable-chmod
    os.chmod(path, os.stat(path).st_mode & ~stat.S_IWOTH)


def private_object(path: Path):
    # ok: python.permissions.world-writable-chmod
    path.chmod(0o644)
