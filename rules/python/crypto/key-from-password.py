import base64
import getpass
import hashlib
import os

from Crypto.Cipher import AES
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC


def encrypt(data, password):
    # ruleid: python.crypto.key-from-password
    cipher = AES.new(password.ljust(32)[:32].encode(), AES.MODE_GCM)
    return cipher.encrypt_and_digest(data)


def lock(data):
    answer = getpass.getpass("Passphrase: ")
    key = base64.urlsafe_b64encode(hashlib.sha256(answer.encode()).digest())
    # ruleid: python.crypto.key-from-password
    return Fernet(key).encrypt(data)


def cipher_for(key):
    # ruleid: python.crypto.key-from-password
    return AES.new(key, AES.MODE_EAX)


def from_environment(data):
    key = hashlib.md5(os.environ["ARCHIVE_PASSWORD"].encode()).digest()
    return cipher_for(key).encrypt(data)


def derived(data, password):
    key = hashlib.scrypt(password.encode(), salt=b"salt-for-tests", n=2**15, r=8, p=1, dklen=32)
    # ok: python.crypto.key-from-password
    return AES.new(key, AES.MODE_GCM).encrypt_and_digest(data)


def derived_fernet(data, password, salt):
    kdf = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=600000)
    # ok: python.crypto.key-from-password
    return Fernet(base64.urlsafe_b64encode(kdf.derive(password.encode()))).encrypt(data)


def random_key(data):
    # ok: python.crypto.key-from-password
    return AES.new(os.urandom(32), AES.MODE_GCM).encrypt_and_digest(data)
