import xml.sax
from xml.sax import handler
from xml.sax.handler import feature_external_ges


def parse(stream, target):
    parser = xml.sax.make_parser()
    parser.setContentHandler(target)
    # ruleid: python.audit.sax-external-entities
    parser.setFeature(handler.feature_external_ges, True)
    parser.parse(stream)


def parse_imported(stream):
    parser = xml.sax.make_parser()
    # ruleid: python.audit.sax-external-entities
    parser.setFeature(feature_external_ges, 1)
    # ruleid: python.audit.sax-external-entities
    parser.setFeature(xml.sax.handler.feature_external_pes, True)
    parser.parse(stream)


def safe(stream, target):
    parser = xml.sax.make_parser()
    # ok: python.audit.sax-external-entities
    parser.setFeature(handler.feature_external_ges, False)
    # ok: python.audit.sax-external-entities
    parser.setFeature(handler.feature_namespaces, True)
    parser.setContentHandler(target)
    parser.parse(stream)
