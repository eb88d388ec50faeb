from flask import Flask, request
from markupsafe import escape

app = Flask(__name__)


class User:
    name = "guest"


@app.route("/greet")
def greet():
    greeting = request.args.get("greeting", "Hello {user.name}")
    # ruleid: python.injection.format-string-from-request
    return escape(greeting.format(user=User()))


def fill(pattern, user):
    # ruleid: python.injection.format-string-from-request
    return pattern.format_map({"user": user})


@app.route("/fill", methods=["POST"])
def fill_in():
    return escape(fill(request.form["pattern"], User()))


@app.route("/line")
def line():
    # ruleid: python.injection.format-string-from-request
    return escape(("Dear " + request.args["title"] + " {0}").format(User()))


@app.route("/constant")
def constant():
    # ok: python.injection.format-string-from-request
    return escape("Hello {}".format(request.args["name"]))


@app.route("/clean")
def clean():
    pattern = request.args["pattern"].replace("{", "{{").replace("}", "}}")
    # ok: python.injection.format-string-from-request
    return escape(pattern.format(user=User()))


@app.route("/date")
def date():
    # ok: python.injection.format-string-from-request
    return "{:05d}".format(int(request.args["n"]))
