from django.shortcuts import render
from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates
from flask import Flask, abort, render_template, request

app = Flask(__name__)
api = FastAPI()
templates = Jinja2Templates(directory="templates")
PAGES = {"about": "about.html", "terms": "terms.html"}


@app.route("/page")
def page():
    # ruleid: python.jinja2.template-name-from-request
    return render_template(request.args["page"] + ".html")


@app.route("/docs/<path:name>")
def docs(name):
    # ruleid: python.jinja2.template-name-from-request
    return render_template(f"docs/{name}")


def show(request, template):
    # ruleid: python.jinja2.template-name-from-request
    return render(request, template, {"title": "Help"})


def help_page(request):
    return show(request, "help/" + request.GET.get("topic", "index"))


@api.get("/view/{name}")
def view(request: Request, name: str):
    # ruleid: python.jinja2.template-name-from-request
    return templates.TemplateResponse(name, {"request": request})


@app.route("/page-safe")
def page_safe():
    # ok: python.jinja2.template-name-from-request
    return render_template(PAGES[request.args["page"]])


@app.route("/listed/<name>")
def listed(name):
    if name not in PAGES:
        abort(404)
    # ok: python.jinja2.template-name-from-request
    return render_template(name + ".html")


@app.route("/search")
def search():
    # ok: python.jinja2.template-name-from-request
    return render_template("search.html", query=request.args.get("q"))


class Changes:
    def change(self, request):
        field = request.POST.get("field")
        # ok: python.jinja2.template-name-from-request
        return TemplateResponse(request, "change.html", {"field": field})
