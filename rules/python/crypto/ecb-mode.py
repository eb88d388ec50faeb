import Crypto.Cipher.AES
from Cryptodome.Cipher import AES as DomeAES
from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def encrypt(key, data):
    # ruleid: python.crypto.ecb-mode
    return AES.new(key, AES.MODE_ECB).encrypt(data)


def encrypt_keyword(key, data):
    # ruleid: python.crypto.ecb-mode
    return DomeAES.new(key, mode=DomeAES.MODE_ECB).encrypt(data)


def encrypt_full_path(key, data):
    # ruleid: python.crypto.ecb-mode
    return Crypto.Cipher.AES.new(key, AES.MODE_ECB).encrypt(data)


def pyca(key):
    # ruleid: python.crypto.ecb-mode
    return Cipher(algorithms.AES(key), modes.ECB())


def safe(key, nonce, data):
    # ok: python.crypto.ecb-mode
    return AES.new(key, AES.MODE_GCM, nonce=nonce).encrypt_and_digest(data)


def pyca_safe(key, nonce):
    # ok: python.crypto.ecb-mode
    return Cipher(algorithms.AES(key), modes.GCM(nonce))


def compare(mode):
    # ok: python.crypto.ecb-mode
    if mode == AES.MODE_ECB:
        raise ValueError("mode not allowed")
