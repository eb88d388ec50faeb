import html

from django.http import HttpResponse
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse

app = FastAPI()


@app.get("/hello")
def hello(name: str):
    # ruleid: python.audit.html-response-format
    return HTMLResponse(f"<h1>Hello {name}</h1>")


@app.get("/list")
def listing(item: str):
    # ruleid: python.audit.html-response-format
    return HTMLResponse(content="<li>" + item + "</li>", status_code=200)


def django_hello(request):
    # ruleid: python.audit.html-response-format
    return HttpResponse("<h1>Hello %s</h1>" % request.GET["name"])


@app.get("/safe")
def safe(name: str):
    # ok: python.audit.html-response-format
    return HTMLResponse(f"<h1>Hello {html.escape(name)}</h1>")


@app.get("/sanitised")
def sanitised(name: str):
    # ok: python.audit.html-response-format
    return HTMLResponse(clean(f"<h1>Hello {name}</h1>"))


@app.get("/static")
def static():
    # ok: python.audit.html-response-format
    return HTMLResponse("<h1>Hello</h1>")


def django_count(request, count):
    # ok: python.audit.html-response-format
    return HttpResponse(f"{count} items")


@app.get("/text")
def text(name: str):
    # ok: python.audit.html-response-format
    return PlainTextResponse(f"<{name}>")
