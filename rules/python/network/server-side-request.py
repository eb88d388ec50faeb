from urllib.parse import quote, urlparse
from urllib.request import urlopen

import aiohttp
import httpx
import requests
from fastapi import FastAPI
from flask import Flask, abort, request

app = Flask(__name__)
api = FastAPI()
HOSTS = {"partner.example.com"}
FEEDS = {"news": "https://news.example.com/feed"}
API_URL = "https://api.example.com"


@app.route("/fetch")
def fetch():
    url = request.args["url"]
    # ruleid: python.network.server-side-request
    return requests.get(url, timeout=5).json()


@api.get("/preview")
async def preview(target: str):
    async with httpx.AsyncClient() as client:
        # ruleid: python.network.server-side-request
        answer = await client.get(target)
    return {"status": answer.status_code}


def load(host, path):
    # ruleid: python.network.server-side-request
    return urlopen(f"http://{host}/{path}").read()


@app.route("/status/<host>")
def status(host):
    return {"size": len(load(host, "status"))}


@api.post("/hook")
async def hook(body: dict):
    async with aiohttp.ClientSession() as session:
        # ruleid: python.network.server-side-request
        async with session.post(body["callback"], json={"done": True}) as answer:
            return {"status": answer.status}


@app.route("/checked")
def checked():
    url = request.args["url"]
    if urlparse(url).hostname not in HOSTS:
        abort(400)
    # ok: python.network.server-side-request
    return requests.get(url, timeout=5).json()


@app.route("/user/<name>")
def user(name):
    # ok: python.network.server-side-request
    return requests.get(f"https://api.example.com/users/{quote(name)}", timeout=5).json()


@app.route("/query")
def query():
    # ok: python.network.server-side-request
    return requests.get(API_URL + "/search", params={"q": request.args["q"]}, timeout=5).json()


@app.route("/feed")
def feed():
    # ok: python.network.server-side-request
    return requests.get(FEEDS[request.args["feed"]], timeout=5).json()


@app.route("/send", methods=["POST"])
def send():
    # ok: python.network.server-side-request
    return requests.post("https://api.example.com/mail", json=request.get_json(), timeout=5).json()
