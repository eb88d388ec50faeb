import io

from flask import Flask, request
from lxml import etree, objectify

app = Flask(__name__)


@app.route("/import", methods=["POST"])
def import_document():
    # ruleid: python.xml.untrusted-document-lxml
    root = etree.fromstring(request.data)
    return root.findtext("title")


@app.route("/upload", methods=["POST"])
def upload():
    file = request.files["document"]
    # ruleid: python.xml.untrusted-document-lxml
    tree = etree.parse(file.stream)
    return tree.getroot().tag


def parse(text):
    # ruleid: python.xml.untrusted-document-lxml
    return objectify.fromstring(text.encode())


@app.route("/soap", methods=["POST"])
def soap():
    return str(parse(request.get_data(as_text=True)).Body)


@app.route("/safe", methods=["POST"])
def safe():
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    # ok: python.xml.untrusted-document-lxml
    root = etree.fromstring(request.data, parser)
    return root.findtext("title")


@app.route("/html", methods=["POST"])
def html():
    # ok: python.xml.untrusted-document-lxml
    tree = etree.parse(io.BytesIO(request.data), etree.HTMLParser())
    return tree.getroot().tag


def own():
    # ok: python.xml.untrusted-document-lxml
    return etree.parse("layout.xml")
