from fastapi import FastAPI
from flask import Flask
from starlette.middleware.sessions import SessionMiddleware

app = Flask(__name__)
# ruleid: python.cookies.samesite-none
app.config["SESSION_COOKIE_SAMESITE"] = "None"

api = FastAPI()
# ruleid: python.cookies.samesite-none
api.add_middleware(SessionMiddleware, secret_key=app.secret_key, same_site="none", https_only=True)

# ruleid: python.cookies.samesite-none
SESSION_COOKIE_SAMESITE = "None"


def login(response, token):
    # ruleid: python.cookies.samesite-none
    response.set_cookie("sid", token, secure=True, httponly=True, samesite="None")


def safe(response, token):
    # ok: python.cookies.samesite-none
    response.set_cookie("sid", token, secure=True, httponly=True, samesite="Lax")


def safe_config():
    # ok: python.cookies.samesite-none
    app.config["SESSION_COOKIE_SAMESITE"] = "Strict"


def browser_default(response, token):
    # ok: python.cookies.samesite-none
    response.set_cookie("sid", token, secure=True, httponly=True, samesite=None)
