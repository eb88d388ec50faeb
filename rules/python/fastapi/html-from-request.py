import html

from aiohttp import web
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse
from sanic import Sanic
from sanic import response

app = FastAPI()
server = Sanic("pages")


@app.get("/hello/{name}", response_class=HTMLResponse)
async def hello(name: str):
    # ruleid: python.fastapi.html-from-request
    return f"<h1>Hello {name}</h1>"


@app.post("/comment")
def comment(text: str = Form(...)):
    page = "<p>" + text + "</p>"
    # ruleid: python.fastapi.html-from-request
    return HTMLResponse(content=page)


def page(body):
    # ruleid: python.fastapi.html-from-request
    return web.Response(text="<html>%s</html>" % body, content_type="text/html")


async def search(request):
    return page(request.query.get("q", ""))


@server.get("/echo")
async def echo(request):
    # ruleid: python.fastapi.html-from-request
    return response.html("<b>" + request.args.get("text") + "</b>")


@app.get("/header")
async def header(request: Request):
    # ruleid: python.fastapi.html-from-request
    return HTMLResponse("You use " + request.headers["user-agent"])


@app.get("/escaped/{name}", response_class=HTMLResponse)
async def escaped(name: str):
    # ok: python.fastapi.html-from-request
    return f"<h1>Hello {html.escape(name)}</h1>"


@app.get("/number/{n}", response_class=HTMLResponse)
async def number(n: int):
    # ok: python.fastapi.html-from-request
    return f"<h1>{n}</h1>"


@app.get("/json/{name}")
async def as_json(name: str):
    # ok: python.fastapi.html-from-request
    return JSONResponse({"name": name})


async def plain(request):
    # ok: python.fastapi.html-from-request
    return web.Response(text=request.query["q"])
