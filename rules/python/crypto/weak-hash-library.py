from Crypto.Hash import MD5, SHA256
from Cryptodome.Hash import SHA1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import MD5 as CryptoMD5


def digest(data: bytes) -> bytes:
    # ruleid: python.crypto.weak-hash-library
    h = MD5.new()
    h.update(data)
    return h.digest()


def digest_domex(data: bytes) -> bytes:
    # ruleid: python.crypto.weak-hash-library
    return SHA1.new(data).digest()


def sign(private_key, data: bytes) -> bytes:
    # ruleid: python.crypto.weak-hash-library
    return private_key.sign(data, padding.PKCS1v15(), hashes.SHA1())


def context():
    # ruleid: python.crypto.weak-hash-library
    return hashes.Hash(CryptoMD5())


def sign_strong(private_key, data: bytes) -> bytes:
    # ok: python.crypto.weak-hash-library
    return private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def strong(data: bytes) -> bytes:
    # ok: python.crypto.weak-hash-library
    return SHA256.new(data).digest()


def show_fingerprint(cert) -> str:
    # ok: python.crypto.weak-hash-library
    return cert.fingerprint(hashes.SHA1()).hex()


def decrypt_legacy_oaep(key, blob):
    # ok: python.crypto.weak-hash-library
    return key.decrypt(blob, padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None))
