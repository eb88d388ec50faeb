import os
from os import umask


def daemonise():
    os.setsid()
    # ruleid: python.permissions.open-umask
    os.umask(0)


def group_only():
    # ruleid: python.permissions.open-umask
    umask(0o020)


def private():
    # ok: python.permissions.open-umask
    os.umask(0o077)


def group_readable():
    # ok: python.permissions.open-umask
    os.umask(0o027)


def current_mask():
    # ok: python.permissions.open-umask
    mask = os.umask(0)
    os.umask(mask)
    return mask


def configured(mask):
    # ok: python.permissions.open-umask
    os.umask(mask)
