import html

import jinja2
from bottle import request, route
from jinja2 import Environment, FileSystemLoader, Template, select_autoescape
from mako.template import Template as MakoTemplate


@route("/hello")
def hello():
    template = Template("<h1>Hello {{ name }}</h1>")
    # ruleid: python.jinja2.unescaped-render-from-request
    return template.render(name=request.query.name)


def page(text):
    env = Environment(loader=FileSystemLoader("templates"))
    template = env.get_template("page.html")
    # ruleid: python.jinja2.unescaped-render-from-request
    return template.render({"text": text})


@route("/page")
def show():
    return page(request.query.text)


@route("/mako")
def mako():
    # ruleid: python.jinja2.unescaped-render-from-request
    return MakoTemplate("<p>${text}</p>").render(text=request.forms.text)


@route("/escaped")
def escaped():
    template = jinja2.Template("<h1>{{ name }}</h1>", autoescape=True)
    # ok: python.jinja2.unescaped-render-from-request
    return template.render(name=request.query.name)


@route("/by-hand")
def by_hand():
    template = Template("<h1>{{ name }}</h1>")
    # ok: python.jinja2.unescaped-render-from-request
    return template.render(name=html.escape(request.query.name))


@route("/environment")
def environment():
    env = Environment(loader=FileSystemLoader("templates"), autoescape=select_autoescape())
    template = env.get_template("page.html")
    # ok: python.jinja2.unescaped-render-from-request
    return template.render(text=request.query.text)
