import hashlib
import hmac
import os


def digest(data, algorithm):
    # ruleid: python.crypto.weak-hash-by-name
    return hashlib.new(algorithm, data).hexdigest()


def legacy(data):
    return digest(data, "md5")


def choose(strong):
    if strong:
        return "sha512"
    return "sha1"


def checksum(data, strong):
    name = choose(strong)
    # ruleid: python.crypto.weak-hash-by-name
    return getattr(hashlib, name)(data).hexdigest()


class Signer:
    def __init__(self, key, function=None):
        self.key = key
        self.function = function or hashlib.md5

    def sign(self, message):
        # ruleid: python.crypto.weak-hash-by-name
        return hmac.new(self.key, message, self.function).hexdigest()


def strong(data):
    name = "sha256"
    # ok: python.crypto.weak-hash-by-name
    return hashlib.new(name, data).hexdigest()


def cache_key(data, name):
    if name == "md5":
        # ok: python.crypto.weak-hash-by-name
        return hashlib.new(name, data, usedforsecurity=False).hexdigest()
    return None


def fixed(data):
    label = "md5"
    print(label)
    # ok: python.crypto.weak-hash-by-name
    return hashlib.sha256(data).hexdigest()


def known_elsewhere(data):
    # ok: python.crypto.weak-hash-by-name
    return hashlib.new(os.environ.get("KNOWN_DIGEST", "md5"), data).hexdigest()


def default(data):
    # ruleid: python.crypto.weak-hash-by-name
    return hashlib.new(os.environ.get("UNKNOWN_DIGEST", "md5"), data).hexdigest()
