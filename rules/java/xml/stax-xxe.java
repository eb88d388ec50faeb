package com.example.xml;

import java.io.InputStream;
import java.io.StringReader;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamReader;

public class StaxParsing {
    XMLStreamReader defaults(InputStream in) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        // ruleid: java.xml.stax-xxe
        return factory.createXMLStreamReader(in);
    }

    XMLEventReader chained(String text) throws Exception {
        // ruleid: java.xml.stax-xxe
        return XMLInputFactory.newFactory().createXMLEventReader(new StringReader(text));
    }

    XMLStreamReader stillOn(InputStream in) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        // ruleid: java.xml.stax-xxe
        return factory.createXMLStreamReader(in);
    }

    XMLStreamReader noDtd(InputStream in) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        // ok: java.xml.stax-xxe
        return factory.createXMLStreamReader(in);
    }

    XMLEventReader noEntities(InputStream in) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty("javax.xml.stream.isSupportingExternalEntities", Boolean.FALSE);
        // ok: java.xml.stax-xxe
        return factory.createXMLEventReader(in);
    }
}
