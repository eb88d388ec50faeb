import argparse
import sqlite3
import sys

import click
from sqlalchemy import create_engine, text

conn = sqlite3.connect("jobs.db")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    args = parser.parse_args()
    cur = conn.cursor()
    # ruleid: python.injection.sql-from-arguments
    cur.execute("DELETE FROM jobs WHERE name = '%s'" % args.name)
    # ok: python.injection.sql-from-arguments
    cur.execute("DELETE FROM jobs WHERE name = ?", (args.name,))
    conn.commit()


def lookup(table):
    # ruleid: python.injection.sql-from-arguments
    return conn.execute("SELECT * FROM " + table).fetchall()


def show():
    print(lookup(sys.argv[1]))


@click.command()
@click.argument("owner")
def purge(owner):
    engine = create_engine("sqlite:///jobs.db")
    with engine.begin() as connection:
        # ruleid: python.injection.sql-from-arguments
        connection.execute(text(f"DELETE FROM jobs WHERE owner = '{owner}'"))
        # ok: python.injection.sql-from-arguments
        connection.execute(text("DELETE FROM jobs WHERE owner = :owner"), {"owner": owner})


def limit():
    cur = conn.cursor()
    # ok: python.injection.sql-from-arguments
    cur.execute("SELECT * FROM jobs LIMIT %d" % int(sys.argv[2]))
    return cur.fetchall()
