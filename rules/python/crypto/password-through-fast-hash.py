import getpass
import hashlib

import bcrypt
from flask import Flask, request

app = Flask(__name__)


def digest(text):
    # ruleid: python.crypto.password-through-fast-hash
    return hashlib.sha256(text.encode()).hexdigest()


@app.route("/register", methods=["POST"])
def register():
    return digest(request.form["password"])


@app.route("/login", methods=["POST"])
def login():
    entered = "pepper" + request.json.get("password", "")
    # ruleid: python.crypto.password-through-fast-hash
    return hashlib.md5(entered.encode("utf-8")).hexdigest()


def ask():
    answer = getpass.getpass()
    state = hashlib.sha1()
    # ruleid: python.crypto.password-through-fast-hash
    state.update(answer.encode())
    return state.hexdigest()


@app.route("/bcrypt", methods=["POST"])
def with_bcrypt():
    entered = request.form["password"]
    # ok: python.crypto.password-through-fast-hash
    return bcrypt.hashpw(entered.encode(), bcrypt.gensalt())


@app.route("/derived", methods=["POST"])
def derived():
    entered = request.form["password"].encode()
    key = hashlib.pbkdf2_hmac("sha256", entered, b"salt-for-tests", 600000)
    # ok: python.crypto.password-through-fast-hash
    return hashlib.sha256(key).hexdigest()


@app.route("/file", methods=["POST"])
def file():
    # ok: python.crypto.password-through-fast-hash
    return hashlib.sha256(request.files["document"].read()).hexdigest()
