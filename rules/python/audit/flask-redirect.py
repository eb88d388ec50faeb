from flask import Flask, redirect, request, url_for

app = Flask(__name__)
ALLOWED = {"https://partner.example.com/"}


@app.route("/go")
def go():
    # ruleid: python.audit.flask-redirect
    return redirect(request.args["url"])


@app.route("/login")
def login():
    target = request.args.get("next")
    # ruleid: python.audit.flask-redirect
    return redirect(target)


@app.route("/back")
def back():
    # ruleid: python.audit.flask-redirect
    return redirect(request.args.get("next") or url_for("index"))


@app.route("/safe")
def safe():
    target = request.args.get("next", "/")
    if not is_local(target):
        target = url_for("index")
    # ok: python.audit.flask-redirect
    return redirect(target)


@app.route("/listed")
def listed():
    target = request.args.get("url")
    if target in ALLOWED:
        # ok: python.audit.flask-redirect
        return redirect(target)
    # ok: python.audit.flask-redirect
    return redirect(url_for("index"))


@app.route("/item")
def item():
    # ok: python.audit.flask-redirect
    return redirect(url_for("show", item_id=request.args["id"]))


def is_local(target):
    return target.startswith("/") and not target.startswith("//")
