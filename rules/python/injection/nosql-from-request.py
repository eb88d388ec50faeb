from fastapi import FastAPI
from flask import Flask, abort, jsonify, request
from pymongo import MongoClient

app = Flask(__name__)
api = FastAPI()
db = MongoClient().shop


@app.route("/login", methods=["POST"])
def login():
    body = request.get_json()
    # ruleid: python.injection.nosql-from-request
    user = db.users.find_one({"name": body["name"], "password": body["password"]})
    return jsonify(found=user is not None)


@app.route("/search", methods=["POST"])
def search():
    # ruleid: python.injection.nosql-from-request
    return jsonify([str(d) for d in db.items.find(request.json)])


def remove(criteria):
    # ruleid: python.injection.nosql-from-request
    return db["orders"].delete_many(criteria).deleted_count


@api.post("/orders/delete")
async def delete_orders(criteria: dict):
    return {"deleted": remove(criteria)}


@app.route("/login-safe", methods=["POST"])
def login_safe():
    body = request.get_json()
    # ok: python.injection.nosql-from-request
    user = db.users.find_one({"name": str(body["name"])})
    return jsonify(found=user is not None)


@app.route("/token", methods=["POST"])
def token():
    value = request.json.get("token")
    if not isinstance(value, str):
        abort(400)
    # ok: python.injection.nosql-from-request
    return jsonify(ok=db.tokens.find_one({"token": value}) is not None)


@app.route("/by-name")
def by_name():
    # ok: python.injection.nosql-from-request
    return jsonify(str(db.users.find_one({"name": request.args["name"]})))


@app.route("/eq", methods=["POST"])
def equal():
    body = request.get_json()
    # ok: python.injection.nosql-from-request
    return jsonify(str(db.users.find_one({"name": {"$eq": body["name"]}})))
