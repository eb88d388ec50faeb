from pathlib import Path

import jinja2
from flask import render_template, render_template_string, request

PAGE = "<h1>{{ title }}</h1>"


def hello():
    # ruleid: python.audit.template-from-value
    return render_template_string(f"<h1>Hello {request.args['name']}</h1>")


def preview(text):
    # ruleid: python.audit.template-from-value
    return render_template_string(text)


def mail(body, user):
    # ruleid: python.audit.template-from-value
    return jinja2.Template("<p>" + body + "</p>").render(user=user)


def environment(text):
    env = jinja2.Environment(autoescape=True)
    # ruleid: python.audit.template-from-value
    return env.from_string(text).render()


def safe():
    # ok: python.audit.template-from-value
    return render_template_string("<h1>Hello {{ name }}</h1>", name=request.args["name"])


def constant():
    # ok: python.audit.template-from-value
    return render_template_string(PAGE, title="Shop")


def from_file():
    # ok: python.audit.template-from-value
    return jinja2.Template(Path("templates/mail.txt").read_text()).render()


def file_template():
    # ok: python.audit.template-from-value
    return render_template("hello.html", name=request.args["name"])
