"""One SQLite connection per request."""

import sqlite3

from flask import current_app, g

SCHEMA = """
create table if not exists products (
    id integer primary key,
    name text not null,
    price_cents integer not null,
    picture text
);
create table if not exists accounts (
    id integer primary key,
    email text not null unique,
    password_hash text not null,
    reset_code text
);
create table if not exists orders (
    id integer primary key,
    account_id integer not null references accounts (id),
    product_id integer not null references products (id),
    quantity integer not null check (quantity > 0),
    placed_at text not null
);
"""


def connection():
    if "connection" not in g:
        g.connection = sqlite3.connect(current_app.config["DATABASE"])
        g.connection.row_factory = sqlite3.Row
        g.connection.executescript(SCHEMA)
    return g.connection


def register(app):
    @app.teardown_appcontext
    def close(_error):
        open_connection = g.pop("connection", None)
        if open_connection is not None:
            open_connection.close()
