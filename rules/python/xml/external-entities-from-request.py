import xml.dom.minidom
import xml.sax
import xml.sax.handler

from flask import Flask, request

app = Flask(__name__)


@app.route("/orders", methods=["POST"])
def orders():
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    # ruleid: python.xml.external-entities-from-request
    document = xml.dom.minidom.parseString(request.data, parser)
    return document.documentElement.tagName


@app.route("/invoices", methods=["POST"])
def invoices():
    return read(request.form["invoice"])


def read(text):
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_pes, True)
    # ruleid: python.xml.external-entities-from-request
    return xml.dom.minidom.parseString(text, parser).toxml()


@app.route("/stock", methods=["POST"])
def stock():
    parser = xml.sax.make_parser()
    parser.setFeature("http://xml.org/sax/features/external-general-entities", True)
    text = request.form.get("stock", "")
    # ruleid: python.xml.external-entities-from-request
    return xml.dom.minidom.parseString(text, parser).toxml()


@app.route("/closed", methods=["POST"])
def closed():
    parser = xml.sax.make_parser()
    # ok: python.xml.external-entities-from-request
    return xml.dom.minidom.parseString(request.data, parser).toxml()


@app.route("/off", methods=["POST"])
def off():
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    # ok: python.xml.external-entities-from-request
    return xml.dom.minidom.parseString(request.data, parser).toxml()


def settings():
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    # ok: python.xml.external-entities-from-request
    return xml.dom.minidom.parseString("<settings/>", parser)
