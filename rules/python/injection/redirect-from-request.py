from urllib.parse import urlparse

import tornado.web
from aiohttp import web
from django.http import HttpResponseRedirect
from django.shortcuts import redirect as django_redirect
from django.utils.http import url_has_allowed_host_and_scheme
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from flask import Flask, redirect, request, url_for

app = Flask(__name__)
api = FastAPI()


@app.route("/login")
def login():
    target = request.args.get("next") or url_for("index")
    # ruleid: python.injection.redirect-from-request
    return redirect(target)


def go(request):
    # ruleid: python.injection.redirect-from-request
    return HttpResponseRedirect(request.GET.get("url", "/"))


@api.get("/out")
async def out(to: str = "/"):
    # ruleid: python.injection.redirect-from-request
    return RedirectResponse(to, status_code=302)


def found(address):
    # ruleid: python.injection.redirect-from-request
    raise web.HTTPFound(location=address)


async def leave(request):
    found(request.query["address"])


class Leave(tornado.web.RequestHandler):
    def get(self):
        # ruleid: python.injection.redirect-from-request
        self.redirect(self.get_argument("next", "/"))


@app.route("/named")
def named():
    # ok: python.injection.redirect-from-request
    return redirect(url_for("show", item=request.args["item"]))


@app.route("/profile/<name>")
def profile(name):
    # ok: python.injection.redirect-from-request
    return redirect(f"/users/{name}")


@app.route("/again")
def again():
    # ok: python.injection.redirect-from-request
    return redirect(request.url)


def go_checked(request):
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    # ok: python.injection.redirect-from-request
    return django_redirect(target)


@app.route("/parsed")
def parsed():
    target = request.args.get("next", "/")
    if urlparse(target).netloc != "":
        target = "/"
    # ok: python.injection.redirect-from-request
    return redirect(target)


def moved(request, base):
    query = request.META.get("QUERY_STRING", "")
    # ok: python.injection.redirect-from-request
    return HttpResponseRedirect("%s?%s" % (base, query))
