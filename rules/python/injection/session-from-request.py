from django.contrib.auth import authenticate
from flask import Flask, request, session
from starlette.requests import Request

from .models import find_user

app = Flask(__name__)


@app.route("/role", methods=["POST"])
def role():
    # ruleid: python.injection.session-from-request
    session["role"] = request.form["role"]
    return "ok"


def switch(request):
    # ruleid: python.injection.session-from-request
    request.session["user_id"] = request.GET["user"]


def store(session, name):
    # ruleid: python.injection.session-from-request
    session["username"] = name


async def enter(request: Request):
    form = await request.form()
    store(request.session, form["name"])


@app.route("/theme", methods=["POST"])
def theme():
    # ok: python.injection.session-from-request
    session["theme"] = request.form["theme"]
    return "ok"


def login(request):
    user = authenticate(request, username=request.POST["name"], password=request.POST["password"])
    if user is None:
        return "wrong"
    # ok: python.injection.session-from-request
    request.session["user_id"] = user.pk
    return "ok"


@app.route("/checked", methods=["POST"])
def checked():
    name = request.form["name"]
    user = find_user(name)
    if user and user.check_password(request.form["password"]):
        # ok: python.injection.session-from-request
        session["username"] = name
    return "ok"


@app.route("/plan", methods=["POST"])
def plan():
    value = request.form["plan"]
    if value not in ("free", "pro"):
        return "unknown", 400
    # ok: python.injection.session-from-request
    session["plan"] = value
    return "ok"
