from flask import make_response


def login(token):
    resp = make_response("ok")
    # ruleid: python.cookies.cookie-without-httponly
    resp.set_cookie("session_token", token, secure=True)
    return resp


def login_keyword(response, token):
    # ruleid: python.cookies.cookie-without-httponly
    response.set_cookie(key="auth", value=token, secure=True, samesite="strict")


def login_explicit(response, token):
    # ruleid: python.cookies.cookie-without-httponly
    response.set_cookie("remember_me", token, secure=True, httponly=False)


def safe(response, token):
    # ok: python.cookies.cookie-without-httponly
    response.set_cookie("session_token", token, secure=True, httponly=True)


def csrf(response, token):
    # ok: python.cookies.cookie-without-httponly
    response.set_cookie("csrf_token", token, secure=True, samesite="strict")


def preference(response):
    # ok: python.cookies.cookie-without-httponly
    response.set_cookie("theme", "dark", secure=True)


def delete(response):
    # ok: python.cookies.cookie-without-httponly
    response.set_cookie("session_token", "", max_age=0)
