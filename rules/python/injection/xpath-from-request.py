import xml.etree.ElementTree as ET

from flask import Flask, request
from lxml import etree

app = Flask(__name__)
tree = etree.parse("users.xml")
root = ET.parse("items.xml").getroot()


@app.route("/user")
def user():
    name = request.args["name"]
    # ruleid: python.injection.xpath-from-request
    return str(tree.xpath("//user[@name='" + name + "']"))


@app.route("/item/<key>")
def item(key):
    # ruleid: python.injection.xpath-from-request
    return str(root.find(f"./item[@key='{key}']"))


def select(expression):
    # ruleid: python.injection.xpath-from-request
    return etree.XPath(expression)(tree)


@app.route("/select")
def selected():
    return str(select("//group[@id=%s]" % request.args["group"]))


@app.route("/variable")
def variable():
    # ok: python.injection.xpath-from-request
    return str(tree.xpath("//user[@name=$name]", name=request.args["name"]))


@app.route("/number")
def number():
    # ok: python.injection.xpath-from-request
    return str(tree.xpath("//user[%d]" % int(request.args["n"])))


@app.route("/text")
def text():
    # ok: python.injection.xpath-from-request
    return str("users.xml".find(request.args["part"]))


@app.route("/replaced")
def replaced():
    name = request.args["name"].replace("'", "")
    # ok: python.injection.xpath-from-request
    return str(tree.xpath("//user[@name='" + name + "']"))


@app.route("/replaced/other")
def replaced_other():
    name = request.args["name"].replace(" ", "")
    # ruleid: python.injection.xpath-from-request
    return str(tree.xpath("//user[@name='" + name + "']"))
