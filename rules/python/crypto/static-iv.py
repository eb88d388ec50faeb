import os

from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def encrypt(key, data):
    # ruleid: python.crypto.static-iv
    cipher = AES.new(key, AES.MODE_CBC, b"0000000000000000")
    return cipher.encrypt(data)


def encrypt_keyword(key, data):
    # ruleid: python.crypto.static-iv
    return AES.new(key, AES.MODE_CBC, iv=b"\x00" * 16).encrypt(data)


def encrypt_gcm(key, data):
    # ruleid: python.crypto.static-iv
    return AES.new(key, AES.MODE_GCM, nonce="fixed-nonce".encode()).encrypt(data)


def pyca(key):
    # ruleid: python.crypto.static-iv
    return Cipher(algorithms.AES(key), modes.CBC(bytes(16)))


def aead(key, data):
    # ruleid: python.crypto.static-iv
    return AESGCM(key).encrypt(b"twelve bytes", data, None)


def safe(key, data):
    iv = os.urandom(16)
    # ok: python.crypto.static-iv
    cipher = AES.new(key, AES.MODE_CBC, iv)
    return iv + cipher.encrypt(data)


def safe_message(key, message):
    # ok: python.crypto.static-iv
    return AES.new(key, AES.MODE_CBC, iv=message["iv"]).decrypt(message["body"])


def safe_decrypt(key, blob):
    # ok: python.crypto.static-iv
    return AES.new(key, AES.MODE_CBC, iv=blob[:16]).decrypt(blob[16:])


def pyca_safe(key, iv):
    # ok: python.crypto.static-iv
    return Cipher(algorithms.AES(key), modes.CTR(iv))


def aead_safe(key, data):
    nonce = os.urandom(12)
    # ok: python.crypto.static-iv
    return nonce + AESGCM(key).encrypt(nonce, data, b"associated data")
