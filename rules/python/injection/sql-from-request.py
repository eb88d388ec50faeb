import sqlite3

import psycopg2
from flask import Flask, request
from psycopg2 import sql

app = Flask(__name__)
COLUMNS = {"name": "name", "date": "created_at"}


def connect():
    return sqlite3.connect("shop.db")


@app.route("/users")
def users():
    name = request.args.get("name", "")
    conn = connect()
    cur = conn.cursor()
    # ruleid: python.injection.sql-from-request
    cur.execute("SELECT id, email FROM users WHERE name = '" + name + "'")
    # ok: python.injection.sql-from-request
    cur.execute("SELECT id, email FROM users WHERE name = ?", (name,))
    return str(cur.fetchall())


@app.route("/orders/<customer>")
def orders(customer):
    query = f"SELECT * FROM orders WHERE customer = '{customer}'"
    with psycopg2.connect("dbname=shop") as connection:
        with connection.cursor() as cursor:
            # ruleid: python.injection.sql-from-request
            cursor.execute(query)
            return str(cursor.fetchall())


def find_products(term, limit):
    statement = "SELECT * FROM products WHERE title LIKE '%%%s%%' LIMIT %d" % (term, limit)
    cursor = connect().cursor()
    # ruleid: python.injection.sql-from-request
    cursor.execute(statement)
    return cursor.fetchall()


@app.route("/search", methods=["POST"])
def search():
    payload = request.get_json()
    return str(find_products(payload["term"], 10))


@app.route("/audit", methods=["POST"])
def audit():
    parts = ["INSERT INTO audit (who, what) VALUES ("]
    parts.append("'%s', " % request.headers.get("X-User"))
    parts.append("'login')")
    conn = connect()
    # ruleid: python.injection.sql-from-request
    conn.executescript("".join(parts))
    return "", 204


@app.route("/sorted")
def sorted_users():
    order = request.args.get("order", "name")
    if order not in ("name", "created_at"):
        return "unknown order", 400
    cur = connect().cursor()
    # ok: python.injection.sql-from-request
    cur.execute("SELECT * FROM users ORDER BY " + order)
    return str(cur.fetchall())


@app.route("/sorted2")
def sorted_by_table():
    column = COLUMNS.get(request.args.get("order"), "name")
    cur = connect().cursor()
    # ok: python.injection.sql-from-request
    cur.execute(f"SELECT * FROM users ORDER BY {column}")
    return str(cur.fetchall())


@app.route("/page")
def page():
    offset = int(request.args.get("offset", "0"))
    cur = connect().cursor()
    # ok: python.injection.sql-from-request
    cur.execute("SELECT * FROM users LIMIT 20 OFFSET %d" % offset)
    return str(cur.fetchall())


@app.route("/table")
def table():
    name = request.args["table"]
    connection = psycopg2.connect("dbname=shop")
    cursor = connection.cursor()
    # ok: python.injection.sql-from-request
    cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name)))
    return str(cursor.fetchall())


@app.route("/fixed")
def fixed():
    name = request.args["name"]
    name = "guest"
    cur = connect().cursor()
    # ok: python.injection.sql-from-request
    cur.execute("SELECT * FROM users WHERE name = '" + name + "'")
    return str(cur.fetchall())


@app.route("/visits")
def visits():
    key = request.args["key"]
    # ruleid: python.injection.sql-from-request
    shop = sqlite3.connect("shop.db").execute("SELECT * FROM shops WHERE key = '%s'" % key).fetchone()
    with sqlite3.connect("shop.db", timeout=5) as visited:
        # ruleid: python.injection.sql-from-request
        visited.execute("DELETE FROM visits WHERE key = '" + key + "'")
        # ok: python.injection.sql-from-request
        visited.execute("INSERT INTO visits VALUES (?)", (key,))
    return str(shop)
