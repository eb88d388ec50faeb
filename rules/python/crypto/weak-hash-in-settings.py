import configparser
import hashlib
import os

from django.conf import settings

config = configparser.ConfigParser()
config.read("weak-hash-in-settings.ini")

LEGACY_DIGEST = "MD5"


def export(data):
    # ruleid: python.crypto.weak-hash-in-settings
    return hashlib.new(config["digests"]["export"], data).hexdigest()


def export_by_call(data):
    name = config.get("digests", "export", fallback="sha256")
    # ruleid: python.crypto.weak-hash-in-settings
    return hashlib.new(name, data).hexdigest()


def signing_name():
    return os.environ.get("SIGNING_DIGEST", "sha256")


def sign(data):
    # ruleid: python.crypto.weak-hash-in-settings
    return getattr(hashlib, signing_name())(data).hexdigest()


def sign_django(data):
    # ruleid: python.crypto.weak-hash-in-settings
    return hashlib.new(settings.SIGNING_DIGEST, data).hexdigest()


def current(data):
    # ok: python.crypto.weak-hash-in-settings
    return hashlib.new(os.environ.get("CURRENT_DIGEST", "md5"), data).hexdigest()


def read(data):
    # ok: python.crypto.weak-hash-in-settings
    return hashlib.new(config["digests"]["import"], data).hexdigest()


def unknown(data):
    # ok: python.crypto.weak-hash-in-settings
    return hashlib.new(os.environ["OTHER_DIGEST"], data).hexdigest()


def not_for_security(data):
    # ok: python.crypto.weak-hash-in-settings
    return hashlib.new(config["digests"]["export"], data, usedforsecurity=False).hexdigest()
