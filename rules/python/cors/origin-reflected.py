from http.server import BaseHTTPRequestHandler

from django.http import JsonResponse
from flask import Flask, jsonify, request

app = Flask(__name__)
ALLOWED_ORIGINS = {"https://shop.example.com"}


@app.after_request
def add_headers(response):
    origin = request.headers.get("Origin", "*")
    # ruleid: python.cors.origin-reflected
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Credentials"] = "true"
    return response


def allow(response, origin):
    # ruleid: python.cors.origin-reflected
    response["Access-Control-Allow-Origin"] = origin
    return response


def data(request):
    return allow(JsonResponse({"ok": True}), request.META.get("HTTP_ORIGIN"))


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        origin = self.headers.get("Origin")
        self.send_response(200)
        # ruleid: python.cors.origin-reflected
        self.send_header("Access-Control-Allow-Origin", origin)
        self.end_headers()


@app.route("/listed")
def listed():
    response = jsonify(ok=True)
    origin = request.headers.get("Origin")
    if origin in ALLOWED_ORIGINS:
        # ok: python.cors.origin-reflected
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


@app.route("/fixed")
def fixed():
    response = jsonify(origin=request.headers.get("Origin"))
    # ok: python.cors.origin-reflected
    response.headers["Access-Control-Allow-Origin"] = "https://shop.example.com"
    return response


@app.route("/other")
def other():
    response = jsonify(ok=True)
    origin = request.headers.get("Origin")
    # ok: python.cors.origin-reflected
    response.headers["X-Seen-Origin"] = origin
    return response
