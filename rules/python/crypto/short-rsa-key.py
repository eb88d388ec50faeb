import paramiko
import rsa as pyrsa
from Crypto.PublicKey import RSA
from OpenSSL import crypto
from cryptography.hazmat.primitives.asymmetric import dsa, rsa


def pyca():
    # ruleid: python.crypto.short-rsa-key
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def pyca_positional():
    # ruleid: python.crypto.short-rsa-key
    return rsa.generate_private_key(65537, 512)


def pyca_dsa():
    # ruleid: python.crypto.short-rsa-key
    return dsa.generate_private_key(key_size=1024)


def dome():
    # ruleid: python.crypto.short-rsa-key
    return RSA.generate(1024)


def pure():
    # ruleid: python.crypto.short-rsa-key
    return pyrsa.newkeys(512)


def host_key():
    # ruleid: python.crypto.short-rsa-key
    return paramiko.RSAKey.generate(bits=1024)


def openssl():
    key = crypto.PKey()
    # ruleid: python.crypto.short-rsa-key
    key.generate_key(crypto.TYPE_RSA, 1024)
    return key


def safe():
    # ok: python.crypto.short-rsa-key
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def safe_dome():
    # ok: python.crypto.short-rsa-key
    return RSA.generate(2048)


def configured(bits):
    # ok: python.crypto.short-rsa-key
    return RSA.generate(bits)


def unrelated(report):
    # ok: python.crypto.short-rsa-key
    return report.generate(1024)
