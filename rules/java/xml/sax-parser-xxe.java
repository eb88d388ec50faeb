package com.example.xml;

import java.io.InputStream;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.dom4j.io.SAXReader;
import org.jdom2.input.SAXBuilder;
import org.xml.sax.InputSource;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;
import org.xml.sax.helpers.XMLReaderFactory;

public class SaxParsing {
    void defaults(InputStream in, DefaultHandler handler) throws Exception {
        SAXParserFactory factory = SAXParserFactory.newInstance();
        // ruleid: java.xml.sax-parser-xxe
        SAXParser parser = factory.newSAXParser();
        parser.parse(in, handler);
    }

    void reader(InputStream in) throws Exception {
        XMLReader reader = XMLReaderFactory.createXMLReader();
        // ruleid: java.xml.sax-parser-xxe
        reader.parse(new InputSource(in));
    }

    Object dom4j(InputStream in) throws Exception {
        SAXReader reader = new SAXReader();
        // ruleid: java.xml.sax-parser-xxe
        return reader.read(in);
    }

    Object jdom(InputStream in) throws Exception {
        SAXBuilder builder = new SAXBuilder();
        // ruleid: java.xml.sax-parser-xxe
        return builder.build(in);
    }

    void hardened(InputStream in, DefaultHandler handler) throws Exception {
        SAXParserFactory factory = SAXParserFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: java.xml.sax-parser-xxe
        SAXParser parser = factory.newSAXParser();
        parser.parse(in, handler);
    }

    Object hardenedDom4j(InputStream in) throws Exception {
        SAXReader reader = new SAXReader();
        reader.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: java.xml.sax-parser-xxe
        return reader.read(in);
    }

    Object hardenedJdom(InputStream in) throws Exception {
        SAXBuilder builder = new SAXBuilder();
        builder.setExpandEntities(false);
        // ok: java.xml.sax-parser-xxe
        return builder.build(in);
    }

    Object otherBuilder(ReportBuilder builder, InputStream in) {
        // ok: java.xml.sax-parser-xxe
        return builder.build(in);
    }
}
