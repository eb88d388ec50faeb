import os
import sqlite3

import psycopg2
from fastapi import FastAPI
from flask import Flask, request
from pydantic import BaseModel
from sqlalchemy import create_engine

app = Flask(__name__)
api = FastAPI()
ENGINES = {"eu": "postgresql://eu.example.com/shop", "us": "postgresql://us.example.com/shop"}


class Source(BaseModel):
    dsn: str


@app.route("/open")
def open_file():
    # ruleid: python.injection.connection-from-request
    return str(sqlite3.connect(request.args["file"]).execute("SELECT 1").fetchone())


@api.post("/test")
def test(source: Source):
    # ruleid: python.injection.connection-from-request
    engine = create_engine(source.dsn)
    return {"name": engine.name}


def connect(host):
    # ruleid: python.injection.connection-from-request
    return psycopg2.connect(dbname="shop", host=host)


@app.route("/host/<name>")
def host(name):
    return str(connect(name + ".example.com").closed)


@app.route("/region")
def region():
    # ok: python.injection.connection-from-request
    return create_engine(ENGINES[request.args["region"]]).name


@app.route("/tenant")
def tenant():
    tenant_id = int(request.args["tenant"])
    # ok: python.injection.connection-from-request
    return str(sqlite3.connect("/srv/tenants/%d.db" % tenant_id).total_changes)


@app.route("/configured")
def configured():
    # ok: python.injection.connection-from-request
    return psycopg2.connect(os.environ["DATABASE_DSN"]).dsn
