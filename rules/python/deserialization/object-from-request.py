import base64
import json
import pickle

import dill
import jsonpickle
from django.core import signing
from django.http import HttpResponse
from fastapi import FastAPI, File, UploadFile
from flask import Flask, request

app = Flask(__name__)
api = FastAPI()


@app.route("/cart")
def cart():
    raw = base64.b64decode(request.cookies["cart"])
    # ruleid: python.deserialization.object-from-request
    return str(len(pickle.loads(raw)))


@api.post("/model")
async def model(file: UploadFile = File(...)):
    # ruleid: python.deserialization.object-from-request
    loaded = dill.loads(await file.read())
    return {"name": loaded.name}


def decode(text):
    # ruleid: python.deserialization.object-from-request
    return jsonpickle.decode(text)


def state(request):
    return HttpResponse(decode(request.body.decode()).title)


@app.route("/upload", methods=["POST"])
def upload():
    # ruleid: python.deserialization.object-from-request
    return str(pickle.load(request.files["state"].stream))


@app.route("/json")
def as_json():
    # ok: python.deserialization.object-from-request
    return str(len(json.loads(base64.b64decode(request.cookies["cart"]))))


def signed(request):
    data = signing.loads(request.COOKIES["state"])
    # ok: python.deserialization.object-from-request
    return HttpResponse(pickle.loads(base64.b64decode(data)))


@app.route("/own")
def own():
    with open("cache.pickle", "rb") as handle:
        # ok: python.deserialization.object-from-request
        return str(len(pickle.load(handle)))


@app.route("/copy")
def copy():
    # ok: python.deserialization.object-from-request
    return str(pickle.loads(pickle.dumps({"name": request.args["name"]})))
