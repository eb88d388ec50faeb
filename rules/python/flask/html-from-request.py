from flask import Flask, Response, abort, jsonify, make_response, render_template, request
from markupsafe import escape

app = Flask(__name__)


@app.route("/hello")
def hello():
    name = request.args.get("name", "")
    # ruleid: python.flask.html-from-request
    return "<h1>Hello " + name + "</h1>"


@app.route("/user/<name>")
def user(name):
    # ruleid: python.flask.html-from-request
    return f"<p>User {name}</p>"


def layout(body):
    return "<html><body>" + body + "</body></html>"


@app.route("/search", methods=["POST"])
def search():
    # ruleid: python.flask.html-from-request
    return layout("No result for " + request.form["q"])


@app.route("/made")
def made():
    # ruleid: python.flask.html-from-request
    response = make_response("<b>%s</b>" % request.cookies.get("theme"))
    return response


@app.errorhandler(404)
def missing(error):
    # ruleid: python.flask.html-from-request
    return "No page at " + request.path, 404


@app.route("/escaped")
def escaped():
    # ok: python.flask.html-from-request
    return f"<h1>Hello {escape(request.args['name'])}</h1>"


@app.route("/json")
def as_json():
    # ok: python.flask.html-from-request
    return jsonify(name=request.args["name"])


@app.route("/dict")
def as_dict():
    # ok: python.flask.html-from-request
    return {"name": request.args["name"]}


@app.route("/template")
def template():
    # ok: python.flask.html-from-request
    return render_template("hello.html", name=request.args["name"])


@app.route("/plain")
def plain():
    # ok: python.flask.html-from-request
    return Response(request.args["name"], mimetype="text/plain")


@app.route("/number")
def number():
    # ok: python.flask.html-from-request
    return "<p>%d</p>" % int(request.args["n"])


@app.route("/known/<name>")
def known(name):
    if name not in ("a", "b"):
        abort(404)
    # ok: python.flask.html-from-request
    return "<p>" + name + "</p>"
