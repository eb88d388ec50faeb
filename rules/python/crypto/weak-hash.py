import hashlib
import hashlib as h
from hashlib import md5

from mycompany import checksums


def sign_document(body: bytes) -> str:
    # ruleid: python.crypto.weak-hash
    return hashlib.md5(body).hexdigest()


def fingerprint(cert_der: bytes) -> str:
    # ruleid: python.crypto.weak-hash
    digest = h.sha1()
    digest.update(cert_der)
    return digest.hexdigest()


def short_id(value: str) -> str:
    # ruleid: python.crypto.weak-hash
    return md5(value.encode()).hexdigest()[:8]


def named(value: bytes) -> str:
    # ruleid: python.crypto.weak-hash
    return hashlib.new("sha1", value).hexdigest()


def etag(body: bytes) -> str:
    # ok: python.crypto.weak-hash
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def strong(body: bytes) -> str:
    # ok: python.crypto.weak-hash
    return hashlib.sha256(body).hexdigest()


def strong_named(body: bytes) -> str:
    # ok: python.crypto.weak-hash
    return hashlib.new("sha512", body).hexdigest()


def other_module(body: bytes) -> str:
    # ok: python.crypto.weak-hash
    return checksums.md5(body)


def list_algorithms():
    # ok: python.crypto.weak-hash
    return {"md5": 16, "sha1": 20}
