import jwt as pyjwt
from flask_jwt_extended import decode_token
from jose import jwt


def tenant(token):
    # ruleid: python.jwt.unverified-claims
    return jwt.get_unverified_claims(token)["tenant"]


def expired(token):
    # ruleid: python.jwt.unverified-claims
    return decode_token(token, allow_expired=True)


def key_for(token, keys):
    # ok: python.jwt.unverified-claims
    return keys[jwt.get_unverified_header(token)["kid"]]


def key_for_pyjwt(token, keys):
    # ok: python.jwt.unverified-claims
    return keys[pyjwt.get_unverified_header(token)["kid"]]


def safe(token, key):
    # ok: python.jwt.unverified-claims
    return jwt.decode(token, key, algorithms=["RS256"])
