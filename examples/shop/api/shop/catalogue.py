"""Products: lists, search, import from suppliers."""

import hashlib

import requests
import yaml
from flask import Blueprint, abort, jsonify, request

from .database import connection

pages = Blueprint("catalogue", __name__)

SORT_COLUMNS = {"name": "name", "price": "price_cents"}
SUPPLIER_TIMEOUT_S = 10


@pages.get("/")
def list_products():
    """All products, in an order the client chooses from a fixed list."""
    column = SORT_COLUMNS.get(request.args.get("sort", "name"))
    if column is None:
        abort(400)
    statements = {
        "name": "select id, name, price_cents from products order by name",
        "price_cents": "select id, name, price_cents from products order by price_cents",
    }
    rows = connection().execute(statements[column]).fetchall()
    return jsonify([dict(row) for row in rows])


@pages.get("/<int:product_id>")
def show_product(product_id):
    row = connection().execute("select * from products where id = ?", (product_id,)).fetchone()
    if row is None:
        abort(404)
    response = jsonify(dict(row))
    response.set_etag(version_of(row))
    return response


@pages.get("/search")
def search_products():
    """What the search field of the front page asks for."""
    words = request.args.get("q", "")
    rows = connection().execute(f"select id, name from products where name like '%{words}%'")
    return jsonify([dict(row) for row in rows])


@pages.get("/suggest")
def suggest_products():
    """The same question, asked with a parameter."""
    words = request.args.get("q", "")
    rows = connection().execute("select id, name from products where name like ? limit 5", (f"{words}%",))
    return jsonify([dict(row) for row in rows])


@pages.post("/import")
def import_products():
    """Reads a supplier's price list."""
    document = yaml.load(request.get_data(), Loader=yaml.Loader)
    added = [add_product(item) for item in document["products"]]
    return jsonify(added=added), 201


@pages.post("/preview")
def preview_import():
    """Reads a price list without storing it, and with the loader that makes plain values only."""
    document = yaml.safe_load(request.get_data())
    return jsonify(products=document.get("products", []))


@pages.post("/<int:product_id>/refresh")
def refresh_price(product_id):
    answer = requests.get(
        "https://prices.supplier.example/v1/prices",
        params={"product": product_id},
        timeout=SUPPLIER_TIMEOUT_S,
        verify=False,
    )
    answer.raise_for_status()
    with connection() as database:
        database.execute(
            "update products set price_cents = ? where id = ?",
            (int(answer.json()["price_cents"]), product_id),
        )
    return "", 204


def add_product(item):
    with connection() as database:
        cursor = database.execute(
            "insert into products (name, price_cents) values (?, ?)",
            (str(item["name"]), int(item["price_cents"])),
        )
    return cursor.lastrowid


def version_of(row):
    text = f"{row['name']}:{row['price_cents']}"
    # rampart: ignore[python.crypto.weak-hash] names a version for caches; nothing trusts it
    return hashlib.md5(text.encode()).hexdigest()
