import yaml
from aiohttp import web
from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route("/config", methods=["POST"])
def config():
    # ruleid: python.deserialization.yaml-from-request
    return jsonify(yaml.load(request.data, Loader=yaml.Loader))


def parse(text):
    # ruleid: python.deserialization.yaml-from-request
    return yaml.unsafe_load(text)


async def handler(request):
    return web.json_response(parse(await request.text()))


@app.route("/upload", methods=["POST"])
def upload():
    content = request.files["file"].read().decode()
    # ruleid: python.deserialization.yaml-from-request
    documents = list(yaml.load_all(content, Loader=yaml.UnsafeLoader))
    return jsonify(documents)


@app.route("/safe", methods=["POST"])
def safe():
    # ok: python.deserialization.yaml-from-request
    return jsonify(yaml.safe_load(request.data))


@app.route("/loader", methods=["POST"])
def loader():
    # ok: python.deserialization.yaml-from-request
    return jsonify(yaml.load(request.data, Loader=yaml.SafeLoader))


def own():
    with open("settings.yaml") as handle:
        # ok: python.deserialization.yaml-from-request
        return yaml.load(handle, Loader=yaml.Loader)
