import html
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlparse

import bottle
import tornado.escape
import tornado.web
from bottle import request, route


class Hello(tornado.web.RequestHandler):
    def get(self):
        name = self.get_argument("name", "you")
        # ruleid: python.injection.html-from-request
        self.write("<h1>Hello " + name + "</h1>")

    def post(self):
        # ok: python.injection.html-from-request
        self.write("<h1>Hello " + tornado.escape.xhtml_escape(self.get_argument("name")) + "</h1>")


@route("/greet")
def greet():
    # ruleid: python.injection.html-from-request
    return "<p>Hello %s</p>" % request.query.name


@bottle.post("/greet")
def greet_escaped():
    # ok: python.injection.html-from-request
    return "<p>Hello %s</p>" % html.escape(request.forms.get("name"))


def body_for(text):
    return f"<html>{text}</html>".encode()


class Plain(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlparse(self.path).query)
        self.send_response(200)
        self.end_headers()
        # ruleid: python.injection.html-from-request
        self.wfile.write(body_for(query["q"][0]))

    def do_POST(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        # ok: python.injection.html-from-request
        self.wfile.write(self.rfile.read(10))


class Data(tornado.web.RequestHandler):
    def get(self):
        # ok: python.injection.html-from-request
        self.write({"name": self.get_argument("name")})
