from django.http import JsonResponse
from fastapi import FastAPI
from flask import Flask, jsonify, request

from .models import Order, User

app = Flask(__name__)
api = FastAPI()
FIELDS = ("name", "mail")


@app.route("/users", methods=["POST"])
def create():
    # ruleid: python.injection.mass-assignment-from-request
    user = User(**request.get_json())
    user.save()
    return jsonify(id=user.id)


def change(user, values):
    for key, value in values.items():
        # ruleid: python.injection.mass-assignment-from-request
        setattr(user, key, value)
    user.save()


@app.route("/users/<int:number>", methods=["PATCH"])
def update(number):
    change(User.get(number), request.json)
    return "", 204


def order(request):
    # ruleid: python.injection.mass-assignment-from-request
    created = Order.objects.create(**request.POST.dict())
    return JsonResponse({"id": created.pk})


@api.put("/orders/{number}")
async def replace(number: int, body: dict):
    # ruleid: python.injection.mass-assignment-from-request
    Order.objects.filter(pk=number).update(**body)
    return {"ok": True}


@app.route("/named", methods=["POST"])
def named():
    body = request.get_json()
    # ok: python.injection.mass-assignment-from-request
    user = User(name=body["name"], mail=body["mail"])
    user.save()
    return jsonify(id=user.id)


@app.route("/picked", methods=["POST"])
def picked():
    body = request.get_json()
    values = {key: body[key] for key in FIELDS}
    # ok: python.injection.mass-assignment-from-request
    user = User(**values)
    user.save()
    return jsonify(id=user.id)


@app.route("/checked/<int:number>", methods=["PATCH"])
def checked(number):
    user = User.get(number)
    for key, value in request.json.items():
        if key not in FIELDS:
            continue
        # ok: python.injection.mass-assignment-from-request
        setattr(user, key, value)
    return "", 204


@app.route("/fixed", methods=["POST"])
def fixed():
    user = User()
    # ok: python.injection.mass-assignment-from-request
    setattr(user, "name", request.form["name"])
    return "", 204
