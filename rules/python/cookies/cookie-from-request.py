from django.http import HttpResponse
from fastapi import FastAPI, Request, Response
from flask import Flask, make_response, request
from itsdangerous import URLSafeSerializer

app = Flask(__name__)
api = FastAPI()
LANGUAGES = {"de", "en"}
serializer = URLSafeSerializer("example-key-for-tests")


@app.route("/theme")
def theme():
    response = make_response("ok")
    # ruleid: python.cookies.cookie-from-request
    response.set_cookie("theme", request.args.get("theme"), secure=True, httponly=True)
    return response


def remember(response, value):
    # ruleid: python.cookies.cookie-from-request
    response.set_cookie("ref", value)


def landing(request):
    response = HttpResponse("ok")
    remember(response, request.GET.get("ref", ""))
    return response


@api.get("/visit")
async def visit(request: Request, response: Response):
    # ruleid: python.cookies.cookie-from-request
    response.set_cookie(key="campaign", value=request.query_params["campaign"])
    return {"ok": True}


@app.route("/language")
def language():
    value = request.args["lang"]
    if value not in LANGUAGES:
        return "unknown", 400
    response = make_response("ok")
    # ok: python.cookies.cookie-from-request
    response.set_cookie("lang", value)
    return response


@app.route("/signed")
def signed():
    response = make_response("ok")
    # ok: python.cookies.cookie-from-request
    response.set_cookie("ref", serializer.dumps(request.args["ref"]))
    return response


@app.route("/size")
def size():
    response = make_response("ok")
    # ok: python.cookies.cookie-from-request
    response.set_cookie("size", str(int(request.args["size"])))
    return response
