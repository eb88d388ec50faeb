import xml.etree.ElementTree as ET
import xml.sax
from xml.dom import minidom
from xml.dom.minidom import parseString

import defusedxml.minidom


def read(request):
    # ruleid: python.xml.unprotected-parser
    return minidom.parseString(request.data)


def read_file(path):
    # ruleid: python.xml.unprotected-parser
    return minidom.parse(path)


def read_sax(stream, handler):
    # ruleid: python.xml.unprotected-parser
    xml.sax.parse(stream, handler)


def imported(text):
    # ruleid: python.xml.unprotected-parser
    return parseString(text)


def pretty(element):
    # ok: python.xml.unprotected-parser
    return minidom.parseString(ET.tostring(element)).toprettyxml()


def pretty_steps(element):
    rough = ET.tostring(element, "utf-8")
    # ok: python.xml.unprotected-parser
    return minidom.parseString(rough).toprettyxml()


def safe(text):
    # ok: python.xml.unprotected-parser
    return defusedxml.minidom.parseString(text)


def literal():
    # ok: python.xml.unprotected-parser
    return parseString("<root/>")
