from flask import Flask, request
from lxml import etree

app = Flask(__name__)
STYLES = {"short": "short.xsl", "long": "long.xsl"}


@app.route("/transform", methods=["POST"])
def transform():
    style = etree.XML(request.form["style"])
    # ruleid: python.xml.stylesheet-from-request
    return str(etree.XSLT(style)(etree.parse("data.xml")))


@app.route("/file", methods=["POST"])
def from_file():
    # ruleid: python.xml.stylesheet-from-request
    convert = etree.XSLT(etree.parse(request.files["style"]))
    return str(convert(etree.parse("data.xml")))


def compiled(document):
    # ruleid: python.xml.stylesheet-from-request
    return etree.XSLT(document)


@app.route("/raw", methods=["POST"])
def raw():
    return str(compiled(etree.fromstring(request.data))(etree.parse("data.xml")))


@app.route("/named")
def named():
    style = etree.parse(STYLES[request.args["style"]])
    # ok: python.xml.stylesheet-from-request
    return str(etree.XSLT(style)(etree.parse("data.xml")))


@app.route("/data", methods=["POST"])
def data():
    # ok: python.xml.stylesheet-from-request
    convert = etree.XSLT(etree.parse("short.xsl"))
    return str(convert(etree.fromstring(request.data)))


def fixed():
    # ok: python.xml.stylesheet-from-request
    return etree.XSLT(etree.parse("long.xsl"))
