import random
import secrets
import string

from django.http import HttpResponse
from flask import Flask, make_response, session

app = Flask(__name__)


def code(length):
    return "".join(random.choice(string.ascii_letters) for _ in range(length))


@app.route("/login", methods=["POST"])
def login():
    value = code(32)
    response = make_response("welcome")
    # ruleid: python.crypto.predictable-token
    response.set_cookie("session_id", value)
    return response


def reset(user):
    number = random.randint(100000, 999999)
    text = "%06d" % number
    # ruleid: python.crypto.predictable-token
    user.reset_code = text
    user.save()


def invite(request, user):
    chosen = code(8)
    # ruleid: python.crypto.predictable-token
    user.set_password(chosen)
    return HttpResponse("sent")


@app.route("/csrf")
def csrf():
    drawn = str(random.getrandbits(64))
    # ruleid: python.crypto.predictable-token
    session["csrf_token"] = drawn
    return "ok"


@app.route("/login-safe", methods=["POST"])
def login_safe():
    response = make_response("welcome")
    # ok: python.crypto.predictable-token
    response.set_cookie("session_id", secrets.token_urlsafe(32))
    return response


def reset_safe(user):
    generator = random.SystemRandom()
    number = generator.randint(100000, 999999)
    # ok: python.crypto.predictable-token
    user.reset_code = "%06d" % number


@app.route("/color")
def color():
    picked = random.choice(["red", "green"])
    # ok: python.crypto.predictable-token
    session["color"] = picked
    return picked
