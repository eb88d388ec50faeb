import configparser
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import algorithms
from flask import Flask, abort, request

app = Flask(__name__)
STRONG = {"a": "sha256", "b": "sha512"}


@app.route("/digest", methods=["POST"])
def digest():
    # ruleid: python.crypto.algorithm-from-input
    return hashlib.new(request.args["algorithm"], request.data).hexdigest()


def settings():
    parser = configparser.ConfigParser()
    parser.read("app.ini")
    return parser


def sign(key, message):
    name = settings()["signing"]["digest"]
    # ruleid: python.crypto.algorithm-from-input
    return hmac.new(key, message, name).hexdigest()


def cipher(key):
    name = os.environ.get("CIPHER", "AES")
    # ruleid: python.crypto.algorithm-from-input
    return getattr(algorithms, name)(key)


@app.route("/checked", methods=["POST"])
def checked():
    name = request.args["algorithm"]
    if name not in ("sha256", "sha512"):
        abort(400)
    # ok: python.crypto.algorithm-from-input
    return hashlib.new(name, request.data).hexdigest()


@app.route("/mapped", methods=["POST"])
def mapped():
    # ok: python.crypto.algorithm-from-input
    return hashlib.new(STRONG[request.args["algorithm"]], request.data).hexdigest()


@app.route("/fixed", methods=["POST"])
def fixed():
    # ok: python.crypto.algorithm-from-input
    return hashlib.new("sha256", request.data).hexdigest()
