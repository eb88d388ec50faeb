from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, quote, urlparse

from django.http import HttpResponse
from flask import Flask, make_response, request

app = Flask(__name__)


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlparse(self.path).query)
        self.send_response(200)
        # ruleid: python.injection.header-from-request
        self.send_header("X-Name", query["name"][0])
        # ok: python.injection.header-from-request
        self.send_header("X-Encoded", quote(query["name"][0]))
        self.end_headers()


@app.route("/file")
def file():
    response = make_response(b"data")
    # ruleid: python.injection.header-from-request
    response.headers["Content-Disposition"] = "attachment; filename=" + request.args["name"]
    return response


def set_language(response, language):
    # ruleid: python.injection.header-from-request
    response.headers["Content-Language"] = language


@app.route("/page")
def page():
    response = make_response(b"data")
    set_language(response, request.args["lang"])
    return response


def export(request):
    response = HttpResponse(b"data")
    # ruleid: python.injection.header-from-request
    response["X-Title"] = request.GET["title"]
    return response


def export_clean(request):
    response = HttpResponse(b"data")
    # ok: python.injection.header-from-request
    response["X-Title"] = request.GET["title"].replace("\r", "").replace("\n", "")
    return response


@app.route("/count")
def count():
    response = make_response(b"data")
    # ok: python.injection.header-from-request
    response.headers["X-Count"] = str(int(request.args["n"]))
    return response
