import socket
from http.server import BaseHTTPRequestHandler, HTTPServer

import uvicorn
from flask import Flask

app = Flask(__name__)


def listen(port):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # ruleid: python.network.bind-all-interfaces
    server.bind(("0.0.0.0", port))
    server.listen()


def listen_empty(port):
    server = socket.socket()
    # ruleid: python.network.bind-all-interfaces
    server.bind(("", port))


def serve():
    # ruleid: python.network.bind-all-interfaces
    app.run(host="0.0.0.0", port=5000)


def serve_async():
    # ruleid: python.network.bind-all-interfaces
    uvicorn.run("shop.main:app", host="0.0.0.0", port=8000)


def serve_http():
    # ruleid: python.network.bind-all-interfaces
    HTTPServer(("0.0.0.0", 8080), BaseHTTPRequestHandler).serve_forever()


def local(port):
    server = socket.socket()
    # ok: python.network.bind-all-interfaces
    server.bind(("127.0.0.1", port))


def serve_local():
    # ok: python.network.bind-all-interfaces
    app.run(host="127.0.0.1", port=5000)


def serve_configured(settings):
    # ok: python.network.bind-all-interfaces
    uvicorn.run("shop.main:app", host=settings.host)


def is_any(address):
    # ok: python.network.bind-all-interfaces
    return address == "0.0.0.0"
