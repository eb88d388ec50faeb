from lxml import etree
from lxml.etree import XMLParser


def parse(data):
    # ruleid: python.xml.lxml-external-entities
    parser = etree.XMLParser(resolve_entities=True)
    return etree.fromstring(data, parser)


def parse_network(data):
    # ruleid: python.xml.lxml-external-entities
    parser = XMLParser(no_network=False, remove_blank_text=True)
    return etree.fromstring(data, parser)


def stream(source):
    # ruleid: python.xml.lxml-external-entities
    for _, element in etree.iterparse(source, load_dtd=True):
        yield element


def safe(data):
    # ok: python.xml.lxml-external-entities
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(data, parser)


def safe_dtd(data):
    # ok: python.xml.lxml-external-entities
    parser = etree.XMLParser(resolve_entities=False, load_dtd=True)
    return etree.fromstring(data, parser)


def html(data):
    # ok: python.xml.lxml-external-entities
    return etree.HTMLParser(recover=True)
