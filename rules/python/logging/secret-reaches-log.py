import getpass
import hashlib
import logging
import os

from flask import Flask, request

app = Flask(__name__)
logger = logging.getLogger(__name__)


@app.route("/login", methods=["POST"])
def login():
    entered = request.form["password"]
    # ruleid: python.logging.secret-reaches-log
    logger.debug("login with %s", entered)
    return "ok"


def trace(values):
    # ruleid: python.logging.secret-reaches-log
    logger.info("values: %s" % values)


def connect():
    key = os.environ["SERVICE_API_KEY"]
    trace("key=" + key)


def ask():
    answer = getpass.getpass("Password: ")
    # ruleid: python.logging.secret-reaches-log
    print("You entered", answer)


@app.route("/register", methods=["POST"])
def register():
    entered = request.form["password"]
    # ok: python.logging.secret-reaches-log
    logger.debug("password with %d characters", len(entered))
    return "ok"


def fingerprint():
    key = os.environ["SERVICE_API_KEY"]
    # ok: python.logging.secret-reaches-log
    logger.info("key %s", hashlib.sha256(key.encode()).hexdigest()[:8])


@app.route("/user", methods=["POST"])
def user():
    # ok: python.logging.secret-reaches-log
    logger.info("login of %s", request.form["user"])
    return "ok"
