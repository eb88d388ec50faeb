import hashlib
import hmac


def verify_direct(key, body, signature):
    # ruleid: python.crypto.timing-unsafe-compare
    return hmac.new(key, body, hashlib.sha256).hexdigest() == signature


def verify_variable(key, body, headers):
    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
    # ruleid: python.crypto.timing-unsafe-compare
    if headers["X-Signature"] != expected:
        raise PermissionError("bad signature")


def verify_prefixed(key, body, header):
    expected = "sha256=" + hmac.new(key, body, "sha256").hexdigest()
    # ruleid: python.crypto.timing-unsafe-compare
    return header == expected


def verify_safe(key, body, signature):
    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
    # ok: python.crypto.timing-unsafe-compare
    return hmac.compare_digest(expected, signature)


def checksum(body, known):
    # ok: python.crypto.timing-unsafe-compare
    return hashlib.sha256(body).hexdigest() == known
