import os

import jwt
from jose import jwt as jose_jwt

from mycompany.settings import settings

SIGNING_KEY = "example-signing-secret"


def issue(claims):
    # ruleid: python.jwt.hardcoded-secret
    return jwt.encode(claims, "example-signing-secret", algorithm="HS256")


def read(token):
    # ruleid: python.jwt.hardcoded-secret
    return jwt.decode(token, SIGNING_KEY, algorithms=["HS256"])


def issue_jose(claims):
    # ruleid: python.jwt.hardcoded-secret
    return jose_jwt.encode(claims, "example-signing-secret")


def safe_issue(claims):
    # ok: python.jwt.hardcoded-secret
    return jwt.encode(claims, os.environ["JWT_KEY"], algorithm="HS256")


def safe_read(token):
    # ok: python.jwt.hardcoded-secret
    return jwt.decode(token, settings.jwt_key, algorithms=["HS256"])


def nested_default(user, key):
    # ok: python.jwt.hardcoded-secret
    return jwt.encode({"role": user.get("role", "guest")}, key, algorithm="HS256")


def positional_algorithm(claims, key):
    # ok: python.jwt.hardcoded-secret
    return jwt.encode(claims, key, "HS256")
