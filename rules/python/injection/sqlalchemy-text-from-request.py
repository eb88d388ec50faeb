from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import literal_column, select, text

app = Flask(__name__)
db = SQLAlchemy(app)
SORT = {"name": "name", "age": "age"}


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)


@app.route("/raw")
def raw():
    name = request.args["name"]
    # ruleid: python.injection.sqlalchemy-text-from-request
    rows = db.session.execute(text(f"SELECT * FROM user WHERE name = '{name}'"))
    return str(list(rows))


@app.route("/order")
def order():
    key = request.args.get("sort", "name")
    # ruleid: python.injection.sqlalchemy-text-from-request
    return str(db.session.execute(select(User).order_by(text(key))).all())


def by_clause(clause):
    # ruleid: python.injection.sqlalchemy-text-from-request
    column = literal_column("lower(" + clause + ")")
    return db.session.query(User).filter(column == "x").all()


@app.route("/clause")
def clause():
    return str(by_clause(request.form["clause"]))


@app.route("/bound")
def bound():
    name = request.args["name"]
    # ok: python.injection.sqlalchemy-text-from-request
    rows = db.session.execute(text("SELECT * FROM user WHERE name = :name"), {"name": name})
    return str(list(rows))


@app.route("/expression")
def expression():
    name = request.args["name"]
    # ok: python.injection.sqlalchemy-text-from-request
    return str(db.session.execute(select(User).where(User.name == name)).all())


@app.route("/mapped")
def mapped():
    key = SORT[request.args.get("sort", "name")]
    # ok: python.injection.sqlalchemy-text-from-request
    return str(db.session.execute(select(User).order_by(text(key))).all())
