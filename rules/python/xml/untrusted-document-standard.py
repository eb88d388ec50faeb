import socket
import xml.dom.minidom
import xml.etree.ElementTree as ET
from xml.etree import ElementTree

import defusedxml.ElementTree as SafeET
from flask import Flask, request

app = Flask(__name__)


@app.route("/order", methods=["POST"])
def order():
    # ruleid: python.xml.untrusted-document-standard
    root = ET.fromstring(request.data)
    return root.findtext("id")


@app.route("/feed", methods=["POST"])
def feed():
    # ruleid: python.xml.untrusted-document-standard
    return str(xml.dom.minidom.parseString(request.form["feed"]).documentElement)


def read(data):
    # ruleid: python.xml.untrusted-document-standard
    return ElementTree.XML(data)


def serve(connection: socket.socket):
    return read(connection.recv(65536)).tag


@app.route("/safe", methods=["POST"])
def safe():
    # ok: python.xml.untrusted-document-standard
    return SafeET.fromstring(request.data).tag


def own():
    # ok: python.xml.untrusted-document-standard
    return ET.parse("layout.xml").getroot()


@app.route("/build")
def build():
    root = ET.Element("answer")
    root.text = request.args["text"]
    # ok: python.xml.untrusted-document-standard
    return ET.tostring(root)
