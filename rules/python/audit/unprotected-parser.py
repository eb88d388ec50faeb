import xml.etree.ElementTree as ET
import xml.sax
from xml.dom import minidom
from xml.dom.minidom import parseString

import defusedxml.minidom


def read(request):
    # ruleid: python.audit.unprotected-parser
    return minidom.parseString(request.data)


def read_file(path):
    # ruleid: python.audit.unprotected-parser
    return minidom.parse(path)


def read_sax(stream, handler):
    # ruleid: python.audit.unprotected-parser
    xml.sax.parse(stream, handler)


def imported(text):
    # ruleid: python.audit.unprotected-parser
    return parseString(text)


def pretty(element):
    # ok: python.audit.unprotected-parser
    return minidom.parseString(ET.tostring(element)).toprettyxml()


def pretty_steps(element):
    rough = ET.tostring(element, "utf-8")
    # ok: python.audit.unprotected-parser
    return minidom.parseString(rough).toprettyxml()


def safe(text):
    # ok: python.audit.unprotected-parser
    return defusedxml.minidom.parseString(text)


def literal():
    # ok: python.audit.unprotected-parser
    return parseString("<root/>")
