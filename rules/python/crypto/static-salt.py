import hashlib
import os

import bcrypt
from Crypto.Protocol.KDF import PBKDF2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC


def derive(password: str) -> bytes:
    # ruleid: python.crypto.static-salt
    return hashlib.pbkdf2_hmac("sha256", password.encode(), b"example-salt", 600_000)


def derive_scrypt(password: str) -> bytes:
    # ruleid: python.crypto.static-salt
    return hashlib.scrypt(password.encode(), salt=b"example-salt", n=2**14, r=8, p=1)


def derive_pyca(password: bytes) -> bytes:
    # ruleid: python.crypto.static-salt
    kdf = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt="example-salt".encode(), iterations=600_000)
    return kdf.derive(password)


def derive_dome(password: str) -> bytes:
    # ruleid: python.crypto.static-salt
    return PBKDF2(password, b"\x00" * 16, dkLen=32, count=600_000)


def derive_safe(password: str) -> bytes:
    salt = os.urandom(16)
    # ok: python.crypto.static-salt
    return salt + hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)


def derive_configured(password: str, user: dict) -> bytes:
    # ok: python.crypto.static-salt
    return hashlib.pbkdf2_hmac("sha256", password.encode(), user["salt"], 600_000)


def verify_safe(password: bytes, stored: bytes) -> bytes:
    # ok: python.crypto.static-salt
    kdf = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=stored[:16], iterations=600_000)
    return kdf.derive(password)


def bcrypt_safe(password: bytes) -> bytes:
    # ok: python.crypto.static-salt
    return bcrypt.hashpw(password, bcrypt.gensalt())
