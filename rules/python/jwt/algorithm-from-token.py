import jwt
import requests
from flask import Flask, request

app = Flask(__name__)
PUBLIC_KEY = open("public.pem").read()


def check(token):
    header = jwt.get_unverified_header(token)
    # ruleid: python.jwt.algorithm-from-token
    return jwt.decode(token, PUBLIC_KEY, algorithms=[header["alg"]])


def verify(token, algorithm):
    # ruleid: python.jwt.algorithm-from-token
    return jwt.decode(token, PUBLIC_KEY, algorithms=algorithm)


@app.route("/me")
def me():
    token = request.headers["Authorization"].split()[1]
    return verify(token, jwt.get_unverified_header(token)["alg"])


def remote(token):
    header = jwt.get_unverified_header(token)
    # ruleid: python.jwt.algorithm-from-token
    keys = requests.get(header["jku"], timeout=5).json()
    return keys


def fixed(token):
    jwt.get_unverified_header(token)
    # ok: python.jwt.algorithm-from-token
    return jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"])


def known(token):
    algorithm = jwt.get_unverified_header(token)["alg"]
    if algorithm not in ("RS256", "ES256"):
        raise ValueError(algorithm)
    # ok: python.jwt.algorithm-from-token
    return jwt.decode(token, PUBLIC_KEY, algorithms=[algorithm])


@app.route("/user")
def user():
    token = request.cookies["token"]
    # ok: python.jwt.algorithm-from-token
    return jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"])
