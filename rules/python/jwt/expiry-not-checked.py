import jwt
from jose import jwt as jose_jwt


def read(token, key):
    # ruleid: python.jwt.expiry-not-checked
    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})


def read_jose(token, key):
    # ruleid: python.jwt.expiry-not-checked
    return jose_jwt.decode(token, key, algorithms="HS256", options={"verify_aud": True, "verify_exp": False})


def safe(token, key):
    # ok: python.jwt.expiry-not-checked
    return jwt.decode(token, key, algorithms=["HS256"], leeway=30)


def safe_options(token, key):
    # ok: python.jwt.expiry-not-checked
    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_aud": False})
