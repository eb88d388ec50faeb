import hashlib
from hashlib import pbkdf2_hmac

from Crypto.Protocol.KDF import PBKDF2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from passlib.hash import pbkdf2_sha256


def derive(password: bytes, salt: bytes) -> bytes:
    # ruleid: python.crypto.low-pbkdf2-iterations
    return hashlib.pbkdf2_hmac("sha256", password, salt, 1000)


def derive_alias(password: bytes, salt: bytes) -> bytes:
    # ruleid: python.crypto.low-pbkdf2-iterations
    return pbkdf2_hmac("sha512", password, salt, iterations=10000, dklen=32)


def derive_pyca(salt: bytes):
    # ruleid: python.crypto.low-pbkdf2-iterations
    return PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=2048)


def derive_dome(password: str, salt: bytes) -> bytes:
    # ruleid: python.crypto.low-pbkdf2-iterations
    return PBKDF2(password, salt, 32, count=5000)


# ruleid: python.crypto.low-pbkdf2-iterations
weak_context = pbkdf2_sha256.using(rounds=8000)

# ok: python.crypto.low-pbkdf2-iterations
strong_context = pbkdf2_sha256.using(rounds=650000)


def derive_safe(password: bytes, salt: bytes) -> bytes:
    # ok: python.crypto.low-pbkdf2-iterations
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def derive_safe_pyca(salt: bytes):
    # ok: python.crypto.low-pbkdf2-iterations
    return PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=480000)


def derive_configured(password: bytes, salt: bytes, rounds: int) -> bytes:
    # ok: python.crypto.low-pbkdf2-iterations
    return hashlib.pbkdf2_hmac("sha256", password, salt, rounds)
