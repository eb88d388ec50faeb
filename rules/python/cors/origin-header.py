from django.http import JsonResponse
from flask import jsonify, request


def flask_star():
    response = jsonify(ok=True)
    # ruleid: python.cors.origin-header
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def flask_echo():
    response = jsonify(ok=True)
    # ruleid: python.cors.origin-header
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    return response


def django_star(request):
    response = JsonResponse({"ok": True})
    # ruleid: python.cors.origin-header
    response["Access-Control-Allow-Origin"] = "*"
    return response


class Handler:
    def set_default_headers(self):
        # ruleid: python.cors.origin-header
        self.set_header("Access-Control-Allow-Origin", "*")
        # ok: python.cors.origin-header
        self.set_header("Access-Control-Allow-Methods", "*")


def safe():
    response = jsonify(ok=True)
    # ok: python.cors.origin-header
    response.headers["Access-Control-Allow-Origin"] = "https://app.example.com"
    return response


def checked(origin, allowed):
    response = jsonify(ok=True)
    if origin in allowed:
        # ok: python.cors.origin-header
        response.headers["Access-Control-Allow-Origin"] = origin
    return response
