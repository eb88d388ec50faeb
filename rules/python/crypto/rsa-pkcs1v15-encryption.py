from Crypto.Cipher import PKCS1_OAEP, PKCS1_v1_5
from Crypto.Signature import PKCS1_v1_5 as PKCS1_signature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


def encrypt(public_key, data):
    # ruleid: python.crypto.rsa-pkcs1v15-encryption
    return public_key.encrypt(data, padding.PKCS1v15())


def decrypt(private_key, blob):
    # ruleid: python.crypto.rsa-pkcs1v15-encryption
    return private_key.decrypt(blob, padding.PKCS1v15())


def dome(key, data):
    # ruleid: python.crypto.rsa-pkcs1v15-encryption
    return PKCS1_v1_5.new(key).encrypt(data)


def sign(private_key, data):
    # ok: python.crypto.rsa-pkcs1v15-encryption
    return private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def dome_sign(key, digest):
    # ok: python.crypto.rsa-pkcs1v15-encryption
    return PKCS1_signature.new(key).sign(digest)


def dome_safe(key, data):
    # ok: python.crypto.rsa-pkcs1v15-encryption
    return PKCS1_OAEP.new(key).encrypt(data)
