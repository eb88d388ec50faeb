from django.conf import settings
from django.http import HttpResponse
from fastapi import Response
from flask import make_response
from requests.cookies import RequestsCookieJar


def flask_login(token):
    resp = make_response("ok")
    # ruleid: python.cookies.cookie-without-secure
    resp.set_cookie("session_token", token)
    return resp


def flask_explicit(token):
    resp = make_response("ok")
    # ruleid: python.cookies.cookie-without-secure
    resp.set_cookie("session_token", token, httponly=True, secure=False)
    return resp


def django_view(request):
    response = HttpResponse("ok")
    # ruleid: python.cookies.cookie-without-secure
    response.set_signed_cookie("cart", "42", salt="cart")
    return response


def fastapi_view(response: Response, token: str):
    # ruleid: python.cookies.cookie-without-secure
    response.set_cookie(key="access_token", value=token, httponly=True)


def safe(token):
    resp = make_response("ok")
    # ok: python.cookies.cookie-without-secure
    resp.set_cookie("session_token", token, secure=True, httponly=True, samesite="Lax")
    return resp


def configured(response, token):
    # ok: python.cookies.cookie-without-secure
    response.set_cookie("session_token", token, secure=settings.SESSION_COOKIE_SECURE)


def from_options(response, token, options):
    # ok: python.cookies.cookie-without-secure
    response.set_cookie("session_token", token, **options)


def logout(response):
    # ok: python.cookies.cookie-without-secure
    response.set_cookie("session_token", "", expires=0)


def jar_cookie(jar: RequestsCookieJar, cookie):
    # ok: python.cookies.cookie-without-secure
    jar.set_cookie(cookie)
