import re

from fastapi import FastAPI
from flask import Flask, jsonify, request

app = Flask(__name__)
api = FastAPI()
LINES = ["one", "two"]


@app.route("/grep")
def grep():
    expression = request.args["expression"]
    # ruleid: python.injection.regex-from-request
    return jsonify([line for line in LINES if re.search(expression, line)])


@api.get("/filter")
def filtered(pattern: str):
    # ruleid: python.injection.regex-from-request
    compiled = re.compile("^" + pattern + "$")
    return [line for line in LINES if compiled.match(line)]


def highlight(text, term):
    # ruleid: python.injection.regex-from-request
    return re.sub(f"({term})", r"[\1]", text)


@app.route("/highlight", methods=["POST"])
def highlighted():
    return highlight(LINES[0], request.form["term"])


@app.route("/escaped")
def escaped():
    # ok: python.injection.regex-from-request
    return jsonify([line for line in LINES if re.search(re.escape(request.args["term"]), line)])


@app.route("/subject")
def subject():
    # ok: python.injection.regex-from-request
    return jsonify(bool(re.fullmatch(r"[a-z]{1,20}", request.args["name"])))


@app.route("/plain")
def plain():
    word = request.args["term"]
    word = "one"
    # ok: python.injection.regex-from-request
    return jsonify([line for line in LINES if re.search(word, line)])
