import bleach
from flask import render_template
from markupsafe import Markup, escape


def badge(name):
    # ruleid: python.audit.unescaped-markup
    return Markup(f"<b>{name}</b>")


def comment(text):
    # ruleid: python.audit.unescaped-markup
    return Markup(text)


def link(url, title):
    # ruleid: python.audit.unescaped-markup
    return Markup("<a href='%s'>%s</a>" % (url, title))


def safe_badge(name):
    # ok: python.audit.unescaped-markup
    return Markup("<b>{}</b>").format(name)


def safe_comment(text):
    # ok: python.audit.unescaped-markup
    return Markup(bleach.clean(text))


def literal():
    # ok: python.audit.unescaped-markup
    return Markup("<hr>")


def escaped(text):
    # ok: python.audit.unescaped-markup
    return escape(text)


def partial(item):
    # ok: python.audit.unescaped-markup
    return Markup(render_template("item.html", item=item))
