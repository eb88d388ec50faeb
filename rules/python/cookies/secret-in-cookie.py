from django.http import HttpResponse
from flask import Flask, make_response, request, session
from werkzeug.security import generate_password_hash

app = Flask(__name__)


@app.route("/login", methods=["POST"])
def login():
    response = make_response("welcome")
    # ruleid: python.cookies.secret-in-cookie
    response.set_cookie("remember", request.form["password"], max_age=86400)
    return response


def remember(response, user, password):
    # ruleid: python.cookies.secret-in-cookie
    response.set_cookie("auth", user + ":" + password)


def sign_in(request):
    response = HttpResponse("welcome")
    remember(response, request.POST["user"], request.POST["password"])
    return response


@app.route("/pay", methods=["POST"])
def pay():
    # ruleid: python.cookies.secret-in-cookie
    session["card"] = request.form.get("card_number")
    return "paid"


@app.route("/name", methods=["POST"])
def name():
    response = make_response("welcome")
    # ok: python.cookies.secret-in-cookie
    response.set_cookie("user", request.form["user"])
    return response


@app.route("/hashed", methods=["POST"])
def hashed():
    # ok: python.cookies.secret-in-cookie
    session["check"] = generate_password_hash(request.form["password"])
    return "ok"


@app.route("/flag", methods=["POST"])
def flag():
    # ok: python.cookies.secret-in-cookie
    session["has_password"] = bool(request.form["password"])
    return "ok"
