import csv
import socket
import sqlite3

conn = sqlite3.connect("shop.db")
cur = conn.cursor()


def mark_seen():
    cur.execute("SELECT name FROM users")
    for row in cur.fetchall():
        # ruleid: python.injection.sql-from-stored-data
        cur.execute("UPDATE stats SET seen = 1 WHERE name = '%s'" % row[0])


def import_file(path):
    with open(path) as handle:
        for record in csv.DictReader(handle):
            insert(record["sku"], record["title"])


def insert(sku, title):
    # ruleid: python.injection.sql-from-stored-data
    cur.execute(f"INSERT INTO products VALUES ('{sku}', '{title}')")


def serve(sock: socket.socket):
    data = sock.recv(1024).decode()
    # ruleid: python.injection.sql-from-stored-data
    cur.execute("SELECT * FROM devices WHERE serial = '" + data + "'")
    return cur.fetchone()


def mark_seen_safely():
    cur.execute("SELECT name FROM users")
    for row in cur.fetchall():
        # ok: python.injection.sql-from-stored-data
        cur.execute("UPDATE stats SET seen = 1 WHERE name = ?", (row[0],))


def import_numbers(path):
    with open(path) as handle:
        for record in csv.DictReader(handle):
            quantity = int(record["quantity"])
            # ok: python.injection.sql-from-stored-data
            cur.execute("INSERT INTO stock VALUES (%d)" % quantity)


def constant():
    cur.execute("SELECT name FROM users")
    rows = cur.fetchall()
    rows = ["a", "b"]
    # ok: python.injection.sql-from-stored-data
    cur.execute("DELETE FROM tmp WHERE name = '" + rows[0] + "'")
