import os
import secrets

from flask import Flask

app = Flask(__name__)
# ruleid: python.flask.hardcoded-secret-key
app.secret_key = "example-signing-secret"
# ruleid: python.flask.hardcoded-secret-key
app.config["SECRET_KEY"] = b"example-signing-secret"


def create_app():
    server = Flask(__name__)
    # ruleid: python.flask.hardcoded-secret-key
    server.config.from_mapping(DATABASE="shop.db", SECRET_KEY="dev")
    return server


def with_default(server):
    # ruleid: python.flask.hardcoded-secret-key
    server.secret_key = os.environ.get("SECRET_KEY", "example-fallback-secret")


def safe(server):
    # ok: python.flask.hardcoded-secret-key
    server.secret_key = os.environ["SECRET_KEY"]
    # ok: python.flask.hardcoded-secret-key
    server.config["SECRET_KEY"] = secrets.token_hex(32)
    # ok: python.flask.hardcoded-secret-key
    server.config["SESSION_COOKIE_NAME"] = "shop"
