from django.http import HttpResponse
from django.template import Context, Template
from flask import Flask, render_template, render_template_string, request
from jinja2 import Environment
from mako.template import Template as MakoTemplate

app = Flask(__name__)
env = Environment(autoescape=True)


@app.route("/hello")
def hello():
    name = request.args.get("name", "you")
    # ruleid: python.jinja2.template-from-request
    return render_template_string("<h1>Hello " + name + "</h1>")


@app.errorhandler(404)
def missing(error):
    template = f"<p>{request.url} was not found</p>"
    # ruleid: python.jinja2.template-from-request
    return render_template_string(template), 404


def render_mail(body):
    # ruleid: python.jinja2.template-from-request
    return env.from_string(body).render(site="shop")


@app.route("/mail", methods=["POST"])
def mail():
    return render_mail("Dear customer, %s" % request.form["text"])


def preview(request):
    # ruleid: python.jinja2.template-from-request
    template = Template(request.POST["source"])
    return HttpResponse(template.render(Context({})))


@app.route("/mako")
def mako():
    # ruleid: python.jinja2.template-from-request
    return MakoTemplate(request.args["tpl"]).render()


@app.route("/hello-safe")
def hello_safe():
    # ok: python.jinja2.template-from-request
    return render_template_string("<h1>Hello {{ name }}</h1>", name=request.args["name"])


@app.route("/file")
def from_file():
    # ok: python.jinja2.template-from-request
    return render_template("hello.html", name=request.args["name"])


@app.route("/number")
def number():
    count = int(request.args["count"])
    # ok: python.jinja2.template-from-request
    return render_template_string("<p>%d results</p>" % count)
