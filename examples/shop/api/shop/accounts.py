"""Accounts: registration, sign-in, forgotten passwords."""

import hashlib
import random
import secrets

from flask import Blueprint, abort, jsonify, redirect, request, session, url_for
from werkzeug.security import check_password_hash, generate_password_hash

from .database import connection

pages = Blueprint("accounts", __name__)

KNOWN_PAGES = {"/", "/basket", "/orders"}
REMEMBER_FOR_S = 30 * 24 * 60 * 60


@pages.post("/")
def register_account():
    form = request.get_json()
    if len(form["password"]) < 12:
        abort(400, "a password has at least twelve characters")
    with connection() as database:
        database.execute(
            "insert into accounts (email, password_hash) values (?, ?)",
            (form["email"].lower(), generate_password_hash(form["password"])),
        )
    return "", 201


@pages.post("/sign-in")
def sign_in():
    form = request.get_json()
    account = find_account(form["email"])
    if account is None or not check_password_hash(account["password_hash"], form["password"]):
        abort(401)
    session.clear()
    session["account"] = account["id"]
    response = jsonify(email=account["email"])
    response.set_cookie("remember_token", remember_token(account), max_age=REMEMBER_FOR_S, secure=True, samesite="Lax")
    response.set_cookie("theme", form.get("theme", "light"), samesite="Lax", secure=True)
    return response


@pages.get("/after-sign-in")
def after_sign_in():
    """Goes on where the visitor came from."""
    return redirect(request.args.get("next", "/"))


@pages.get("/after-sign-out")
def after_sign_out():
    """The same, for pages of ours only."""
    session.clear()
    page = request.args.get("next", "/")
    if page in KNOWN_PAGES:
        return redirect(page)
    return redirect(url_for("catalogue.list_products"))


@pages.post("/forgotten")
def forgotten_password():
    account = find_account(request.get_json()["email"])
    if account is not None:
        reset_code = "".join(random.choices("0123456789", k=8))
        with connection() as database:
            database.execute("update accounts set reset_code = ? where id = ?", (reset_code, account["id"]))
    return "", 202


@pages.post("/invitations")
def invite():
    return jsonify(code=secrets.token_urlsafe(24)), 201


def find_account(email):
    return connection().execute("select * from accounts where email = ?", (email.lower(),)).fetchone()


def remember_token(account):
    text = f"{account['id']}:{account['password_hash']}"
    return hashlib.sha1(text.encode()).hexdigest()
