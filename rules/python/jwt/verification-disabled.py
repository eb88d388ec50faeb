import base64

import jwt
from jose import jwt as jose_jwt
from jwt import decode


def user(token):
    # ruleid: python.jwt.verification-disabled
    return jwt.decode(token, options={"verify_signature": False})["sub"]


def user_old(token, key):
    # ruleid: python.jwt.verification-disabled
    return jwt.decode(token, key, verify=False)


def user_imported(token, key):
    # ruleid: python.jwt.verification-disabled
    return decode(token, key, algorithms=["HS256"], options={"verify_aud": False, "verify_signature": False})


def user_jose(token):
    # ruleid: python.jwt.verification-disabled
    return jose_jwt.decode(token, None, options={"verify_signature": False})


def user_variable(token, key):
    options = {"verify_signature": False}
    # ruleid: python.jwt.verification-disabled
    return jwt.decode(token, key, options=options)


def safe(token, key):
    # ok: python.jwt.verification-disabled
    return jwt.decode(token, key, algorithms=["HS256"])


def safe_options(token, key):
    # ok: python.jwt.verification-disabled
    return jwt.decode(token, key, algorithms=["HS256"], options={"require": ["exp"], "verify_signature": True})


def other(data, codec):
    # ok: python.jwt.verification-disabled
    return base64.b64decode(data), codec.decode(data, verify=False)
