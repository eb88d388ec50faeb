import base64
import hashlib
import hmac
import os
import random
import time

from Crypto.Cipher import AES
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def make_key():
    return bytes(random.randint(0, 255) for _ in range(32))


def encrypt(data):
    key = make_key()
    # ruleid: python.crypto.predictable-key
    cipher = AES.new(key, AES.MODE_GCM)
    return cipher.encrypt_and_digest(data)


def lock(text):
    seed = str(time.time()).encode()
    # ruleid: python.crypto.predictable-key
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(seed).digest())).encrypt(text)


def seal(key, data):
    nonce = random.randbytes(12)
    # ruleid: python.crypto.predictable-key
    return AESGCM(key).encrypt(nonce, data, None)


def sign(data):
    secret = "%d" % random.getrandbits(128)
    # ruleid: python.crypto.predictable-key
    return hmac.new(secret.encode(), data, "sha256").hexdigest()


def encrypt_safe(data):
    # ok: python.crypto.predictable-key
    cipher = AES.new(os.urandom(32), AES.MODE_GCM)
    return cipher.encrypt_and_digest(data)


def seal_safe(key, data):
    nonce = os.urandom(12)
    # ok: python.crypto.predictable-key
    return AESGCM(key).encrypt(nonce, data, None)


def stamped(key):
    message = str(time.time()).encode()
    # ok: python.crypto.predictable-key
    return hmac.new(key, message, "sha256").hexdigest()
