import pyDes
from Crypto.Cipher import AES, ARC4, DES, DES3
from Crypto.Cipher import Blowfish as BF
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from mycompany.models import DES as Description


def encrypt_des(key, iv, data):
    # ruleid: python.crypto.weak-cipher
    cipher = DES.new(key, DES.MODE_CBC, iv)
    return cipher.encrypt(data)


def encrypt_3des(key, iv, data):
    # ruleid: python.crypto.weak-cipher
    return DES3.new(key, DES3.MODE_CBC, iv).encrypt(data)


def stream(key, data):
    # ruleid: python.crypto.weak-cipher
    return ARC4.new(key).encrypt(data)


def blow(key, iv):
    # ruleid: python.crypto.weak-cipher
    return BF.new(key, BF.MODE_CBC, iv)


def pyca(key, iv):
    # ruleid: python.crypto.weak-cipher
    return Cipher(algorithms.TripleDES(key), modes.CBC(iv))


def pure(key, data):
    # ruleid: python.crypto.weak-cipher
    return pyDes.des(key).encrypt(data)


def encrypt_aes(key, nonce, data):
    # ok: python.crypto.weak-cipher
    return AES.new(key, AES.MODE_GCM, nonce=nonce).encrypt_and_digest(data)


def pyca_aes(key, nonce):
    # ok: python.crypto.weak-cipher
    return Cipher(algorithms.AES(key), modes.GCM(nonce))


def describe(text):
    # ok: python.crypto.weak-cipher
    return Description.new(text)
