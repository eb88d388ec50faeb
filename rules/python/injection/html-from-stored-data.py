import html
import sqlite3

from django.db import connection
from django.http import HttpResponse
from flask import Flask, jsonify, render_template
from markupsafe import escape

app = Flask(__name__)


def cursor():
    return sqlite3.connect("shop.db").cursor()


@app.route("/comments")
def comments():
    cur = cursor()
    cur.execute("SELECT text FROM comments")
    page = ""
    for row in cur.fetchall():
        page += "<p>" + row[0] + "</p>"
    # ruleid: python.injection.html-from-stored-data
    return page


def profile(request):
    with connection.cursor() as cur:
        cur.execute("SELECT name FROM users WHERE id = %s", [request.user.id])
        name = cur.fetchone()[0]
    # ruleid: python.injection.html-from-stored-data
    return HttpResponse("<h1>%s</h1>" % name)


def layout(title):
    return f"<title>{title}</title>"


@app.route("/title")
def title():
    cur = cursor()
    cur.execute("SELECT title FROM site")
    # ruleid: python.injection.html-from-stored-data
    return layout(cur.fetchone()[0])


@app.route("/escaped")
def escaped():
    cur = cursor()
    cur.execute("SELECT title FROM site")
    # ok: python.injection.html-from-stored-data
    return f"<title>{escape(cur.fetchone()[0])}</title>"


@app.route("/template")
def template():
    cur = cursor()
    cur.execute("SELECT text FROM comments")
    # ok: python.injection.html-from-stored-data
    return render_template("comments.html", rows=cur.fetchall())


@app.route("/json")
def as_json():
    cur = cursor()
    cur.execute("SELECT text FROM comments")
    # ok: python.injection.html-from-stored-data
    return jsonify(rows=cur.fetchall())


def profile_escaped(request):
    with connection.cursor() as cur:
        cur.execute("SELECT name FROM users")
        name = cur.fetchone()[0]
    # ok: python.injection.html-from-stored-data
    return HttpResponse("<h1>%s</h1>" % html.escape(name))
