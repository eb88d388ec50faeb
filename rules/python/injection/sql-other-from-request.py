import duckdb
import pandas as pd
import streamlit as st
from flask import Flask, jsonify, request
from google.cloud import bigquery

app = Flask(__name__)
engine = None


@app.route("/sales")
def sales():
    region = request.args["region"]
    # ruleid: python.injection.sql-other-from-request
    frame = pd.read_sql(f"SELECT * FROM sales WHERE region = '{region}'", engine)
    return jsonify(frame.to_dict())


def run_query(text):
    client = bigquery.Client()
    # ruleid: python.injection.sql-other-from-request
    return list(client.query(text))


@app.route("/events")
def events():
    return jsonify(run_query("SELECT * FROM logs.events WHERE kind = '%s'" % request.args.get("kind")))


table = st.text_input("Table")
# ruleid: python.injection.sql-other-from-request
st.dataframe(duckdb.sql("SELECT * FROM " + table).df())


@app.route("/sales-safe")
def sales_safe():
    # ok: python.injection.sql-other-from-request
    frame = pd.read_sql("SELECT * FROM sales WHERE region = %s", engine, params=(request.args["region"],))
    return jsonify(frame.to_dict())


@app.route("/year")
def year():
    number = int(request.args["year"])
    # ok: python.injection.sql-other-from-request
    frame = pd.read_sql(f"SELECT * FROM sales WHERE year = {number}", engine)
    return jsonify(frame.to_dict())


def yearly_report():
    table_name = "sales_2024"
    # ok: python.injection.sql-other-from-request
    return pd.read_sql_query("SELECT * FROM " + table_name, engine)
