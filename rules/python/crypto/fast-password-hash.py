import hashlib
from hashlib import sha256


class User:
    def set_password(self, password: str):
        # ruleid: python.crypto.fast-password-hash
        self.password_hash = hashlib.sha256(password.encode("utf-8")).hexdigest()

    def set_salted(self, password: str, salt: str):
        # ruleid: python.crypto.fast-password-hash
        self.password_hash = hashlib.sha512((salt + password).encode()).hexdigest()

    def check(self, user_password: bytes) -> bool:
        # ruleid: python.crypto.fast-password-hash
        return sha256(user_password).hexdigest() == self.password_hash

    def legacy(self, form):
        # ruleid: python.crypto.fast-password-hash
        return hashlib.md5(form.password.encode()).hexdigest()


def staged(passwd: str):
    # ruleid: python.crypto.fast-password-hash
    digest = hashlib.sha1()
    digest.update(passwd.encode())
    return digest.hexdigest()


def file_digest(body: bytes) -> str:
    # ok: python.crypto.fast-password-hash
    return hashlib.sha256(body).hexdigest()


def derive(password: str, salt: bytes) -> bytes:
    # ok: python.crypto.fast-password-hash
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)


def derive_scrypt(password: str, salt: bytes) -> bytes:
    # ok: python.crypto.fast-password-hash
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def token_digest(reset_token: str) -> str:
    # ok: python.crypto.fast-password-hash
    return hashlib.sha256(reset_token.encode()).hexdigest()


def breached(password: str) -> str:
    # todook: python.crypto.fast-password-hash
    prefix = hashlib.sha1(password.encode()).hexdigest()[:5]
    return "https://api.example.com/range/" + prefix
