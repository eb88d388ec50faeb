import sqlite3

from django.http import HttpResponse
from flask import Flask, request
from pymongo import MongoClient
from werkzeug.security import generate_password_hash

from .models import User

app = Flask(__name__)
users = MongoClient().shop.users


@app.route("/register", methods=["POST"])
def register():
    user = User(name=request.form["name"])
    # ruleid: python.credentials.password-stored-in-clear
    user.password = request.form["password"]
    user.save()
    return "ok"


def insert(name, entered):
    connection = sqlite3.connect("shop.db")
    # ruleid: python.credentials.password-stored-in-clear
    connection.execute("INSERT INTO users (name, password) VALUES (?, ?)", (name, entered))


@app.route("/create", methods=["POST"])
def create():
    insert(request.form["name"], request.form["password"])
    return "ok"


def sign_up(request):
    entered = request.POST.get("password")
    # ruleid: python.credentials.password-stored-in-clear
    User.objects.create(username=request.POST["name"], password=entered)
    return HttpResponse("ok")


@app.route("/mongo", methods=["POST"])
def mongo():
    body = request.get_json()
    # ruleid: python.credentials.password-stored-in-clear
    users.insert_one({"name": body["name"], "password": body["password"]})
    return "ok"


@app.route("/hashed", methods=["POST"])
def hashed():
    user = User(name=request.form["name"])
    # ok: python.credentials.password-stored-in-clear
    user.password = generate_password_hash(request.form["password"])
    user.save()
    return "ok"


def sign_up_hashed(request):
    # ok: python.credentials.password-stored-in-clear
    User.objects.create_user(username=request.POST["name"], password=request.POST["password"])
    return HttpResponse("ok")


@app.route("/name", methods=["POST"])
def name():
    connection = sqlite3.connect("shop.db")
    # ok: python.credentials.password-stored-in-clear
    connection.execute("INSERT INTO users (name) VALUES (?)", (request.form["name"],))
    return "ok"
