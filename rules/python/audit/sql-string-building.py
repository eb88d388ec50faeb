import sqlite3

import pandas as pd
from django.db import connection
from sqlalchemy import text

TABLE = "users"


def by_name(cursor, name):
    # ruleid: python.audit.sql-string-building
    cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")
    return cursor.fetchall()


def by_id(db: sqlite3.Connection, user_id):
    # ruleid: python.audit.sql-string-building
    return db.execute("SELECT * FROM users WHERE id = " + user_id).fetchone()


def quoted(db, name):
    # ruleid: python.audit.sql-string-building
    return db.execute("SELECT * FROM users WHERE name = '" + name + "'").fetchone()


def delete(cursor, name):
    # ruleid: python.audit.sql-string-building
    cursor.execute("DELETE FROM users WHERE name = '%s'" % name)


def insert(cursor, name):
    # ruleid: python.audit.sql-string-building
    cursor.execute("INSERT INTO users (name) VALUES ('{}')".format(name))


def in_variable(name):
    query = f"SELECT id FROM users WHERE name = '{name}'"
    with connection.cursor() as cursor:
        # ruleid: python.audit.sql-string-building
        cursor.execute(query)


def in_variable_format(cursor, name):
    query = "UPDATE users SET active = 0 WHERE name = '%s'" % (name,)
    # ruleid: python.audit.sql-string-building
    cursor.execute(query)


def alchemy(session, name):
    # ruleid: python.audit.sql-string-building
    return session.execute(text(f"SELECT * FROM users WHERE name = '{name}'"))


def frame(engine, name):
    # ruleid: python.audit.sql-string-building
    return pd.read_sql_query(f"SELECT * FROM users WHERE name = '{name}'", engine)


def safe(cursor, name):
    # ok: python.audit.sql-string-building
    cursor.execute("SELECT * FROM users WHERE name = %s", (name,))


def safe_named(session, name):
    # ok: python.audit.sql-string-building
    return session.execute(text("SELECT * FROM users WHERE name = :name"), {"name": name})


def constant_table(cursor):
    # ok: python.audit.sql-string-building
    cursor.execute("SELECT count(*) FROM " + TABLE)


def literal_in_variable(cursor, name):
    query = "SELECT id FROM users WHERE name = ?"
    # ok: python.audit.sql-string-building
    cursor.execute(query, (name,))


def run_task(executor, name):
    # ok: python.audit.sql-string-building
    executor.execute(f"task-{name}")


def search(index, term):
    # ok: python.audit.sql-string-building
    return index.query(f"title:{term}")
