import redis
from bson.code import Code
from flask import Flask, jsonify, request
from neo4j import GraphDatabase
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient().shop
r = redis.Redis()
driver = GraphDatabase.driver("bolt://localhost:7687")


@app.route("/where")
def where():
    name = request.args["name"]
    # ruleid: python.injection.nosql-script-from-request
    return jsonify(str(list(db.users.find({"$where": "this.name == '" + name + "'"}))))


def map_function(field):
    # ruleid: python.injection.nosql-script-from-request
    return Code("function() { emit(this." + field + ", 1); }")


@app.route("/group")
def group():
    return jsonify(str(db.users.map_reduce(map_function(request.args["field"]), Code("f"), "out")))


@app.route("/graph/<name>")
def graph(name):
    with driver.session() as session:
        # ruleid: python.injection.nosql-script-from-request
        result = session.run(f"MATCH (u:User {{name: '{name}'}}) RETURN u")
        return jsonify(result.data())


@app.route("/counter", methods=["POST"])
def counter():
    # ruleid: python.injection.nosql-script-from-request
    r.eval("return redis.call('incr', '%s')" % request.form["key"], 0)
    return "", 204


@app.route("/graph-safe/<name>")
def graph_safe(name):
    with driver.session() as session:
        # ok: python.injection.nosql-script-from-request
        return jsonify(session.run("MATCH (u:User {name: $name}) RETURN u", name=name).data())


@app.route("/counter-safe", methods=["POST"])
def counter_safe():
    # ok: python.injection.nosql-script-from-request
    r.eval("return redis.call('incr', KEYS[1])", 1, request.form["key"])
    return "", 204


@app.route("/age")
def age():
    limit = int(request.args["age"])
    # ok: python.injection.nosql-script-from-request
    return jsonify(str(list(db.users.find({"$where": "this.age > %d" % limit}))))
