import bcrypt
from passlib.hash import bcrypt as passlib_bcrypt


def hash_password(password: str) -> bytes:
    # ruleid: python.crypto.low-bcrypt-rounds
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4))


def hash_keyword(password: str) -> bytes:
    # ruleid: python.crypto.low-bcrypt-rounds
    salt = bcrypt.gensalt(rounds=8)
    return bcrypt.hashpw(password.encode(), salt)


# ruleid: python.crypto.low-bcrypt-rounds
weak = passlib_bcrypt.using(rounds=5)


def hash_default(password: str) -> bytes:
    # ok: python.crypto.low-bcrypt-rounds
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt())


def hash_strong(password: str) -> bytes:
    # ok: python.crypto.low-bcrypt-rounds
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=13))


def hash_configured(password: str, cost: int) -> bytes:
    # ok: python.crypto.low-bcrypt-rounds
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(cost))
