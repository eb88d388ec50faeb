import jwt
from authlib.jose import jwt as authlib_jwt
from jwt import decode


def read(token, key):
    # ruleid: python.jwt.missing-algorithms
    return jwt.decode(token, key)


def read_audience(token, key):
    # ruleid: python.jwt.missing-algorithms
    return jwt.decode(token, key, audience="api")


def read_imported(token, key):
    # ruleid: python.jwt.missing-algorithms
    return decode(token, key=key)


def safe(token, key):
    # ok: python.jwt.missing-algorithms
    return jwt.decode(token, key, algorithms=["RS256"])


def safe_imported(token, key):
    # ok: python.jwt.missing-algorithms
    return decode(token, key, algorithms=["RS256"], audience="api")


def from_options(token, key, settings):
    # ok: python.jwt.missing-algorithms
    return jwt.decode(token, key, **settings)


def authlib(token, key):
    # ok: python.jwt.missing-algorithms
    return authlib_jwt.decode(token, key)
