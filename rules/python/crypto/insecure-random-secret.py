import random
import secrets
import string

import numpy as np
from random import randint


def create_reset(user):
    # ruleid: python.crypto.insecure-random-secret
    reset_token = "".join(random.choice(string.ascii_letters) for _ in range(32))
    user.save(reset_token)


class Account:
    def issue(self):
        # ruleid: python.crypto.insecure-random-secret
        self.otp = randint(100000, 999999)
        # ruleid: python.crypto.insecure-random-secret
        self.session_id = str(random.getrandbits(64))

    def numpy_password(self):
        # ruleid: python.crypto.insecure-random-secret
        password = "".join(np.random.choice(list(string.digits), 12))
        return password


def generate_password(length):
    alphabet = string.ascii_letters + string.digits
    # ruleid: python.crypto.insecure-random-secret
    return "".join(random.choices(alphabet, k=length))


def store(session):
    # ruleid: python.crypto.insecure-random-secret
    session["csrf_token"] = random.randint(0, 10**12)


def safe():
    # ok: python.crypto.insecure-random-secret
    token = secrets.token_urlsafe(32)
    return token


def system_random():
    # ok: python.crypto.insecure-random-secret
    token = "".join(random.SystemRandom().choice(string.ascii_letters) for _ in range(32))
    return token


def game():
    # ok: python.crypto.insecure-random-secret
    dice = random.randint(1, 6)
    return dice


def training_batch(tokens):
    # ok: python.crypto.insecure-random-secret
    mask_token_index = random.randint(0, len(tokens) - 1)
    # ok: python.crypto.insecure-random-secret
    max_token = random.choice(tokens)
    return mask_token_index, max_token


def retry_delay():
    # ok: python.crypto.insecure-random-secret
    return random.uniform(0.5, 1.5)
