import jwt
from jwt import encode


def issue(claims):
    # ruleid: python.jwt.none-algorithm
    return jwt.encode(claims, None, algorithm="none")


def issue_positional(claims):
    # ruleid: python.jwt.none-algorithm
    return encode(claims, "", "NONE")


def read(token, key):
    # ruleid: python.jwt.none-algorithm
    return jwt.decode(token, key, algorithms=["HS256", "none"])


def safe_issue(claims, key):
    # ok: python.jwt.none-algorithm
    return jwt.encode(claims, key, algorithm="HS256")


def safe_read(token, key):
    # ok: python.jwt.none-algorithm
    return jwt.decode(token, key, algorithms=["RS256", "ES256"])


def message(codec, text):
    # ok: python.jwt.none-algorithm
    return codec.encode(text, algorithm="none")
