import bleach
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from flask import Flask, render_template, request as flask_request
from markupsafe import Markup, escape

app = Flask(__name__)


def profile(request):
    # ruleid: python.django.trusted-html-from-request
    bio = mark_safe(request.POST["bio"])
    return render(request, "profile.html", {"bio": bio})


def title_of(text):
    # ruleid: python.django.trusted-html-from-request
    return format_html("<h1>" + text + "</h1>")


def article(request):
    return render(request, "article.html", {"title": title_of(request.GET["title"])})


@app.route("/note")
def note():
    # ruleid: python.django.trusted-html-from-request
    return render_template("note.html", text=Markup(flask_request.args["text"]))


def profile_clean(request):
    # ok: python.django.trusted-html-from-request
    bio = mark_safe(bleach.clean(request.POST["bio"]))
    return render(request, "profile.html", {"bio": bio})


def profile_format(request):
    # ok: python.django.trusted-html-from-request
    bio = format_html("<p>{}</p>", request.POST["bio"])
    return render(request, "profile.html", {"bio": bio})


@app.route("/note-safe")
def note_safe():
    # ok: python.django.trusted-html-from-request
    return render_template("note.html", text=Markup("<b>") + escape(flask_request.args["text"]))


def constant(request):
    # ok: python.django.trusted-html-from-request
    return render(request, "note.html", {"text": mark_safe("<hr>")})
