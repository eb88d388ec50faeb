import hmac
import os

from Crypto.Cipher import AES
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import URLSafeTimedSerializer


def encrypt(iv, data):
    # ruleid: python.credentials.hardcoded-crypto-key
    return AES.new(b"example-16b-key!", AES.MODE_CBC, iv).encrypt(data)


def sign(body):
    # ruleid: python.credentials.hardcoded-crypto-key
    return hmac.new("example-mac-key".encode(), body, "sha256").hexdigest()


def serializer():
    # ruleid: python.credentials.hardcoded-crypto-key
    return URLSafeTimedSerializer("example-signing-secret", salt="reset")


def aead():
    # ruleid: python.credentials.hardcoded-crypto-key
    return AESGCM(b"k" * 32)


def encrypt_safe(key, iv, data):
    # ok: python.credentials.hardcoded-crypto-key
    return AES.new(key, AES.MODE_CBC, iv).encrypt(data)


def fernet_safe():
    # ok: python.credentials.hardcoded-crypto-key
    return Fernet(os.environ["DATA_KEY"])


def fernet_generated():
    # ok: python.credentials.hardcoded-crypto-key
    return Fernet(Fernet.generate_key())


def sign_safe(key, body):
    # ok: python.credentials.hardcoded-crypto-key
    return hmac.new(key, body, "sha256").hexdigest()
