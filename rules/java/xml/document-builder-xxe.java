package com.example.xml;

import java.io.InputStream;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;

public class DomParsing {
    private static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";

    Document defaults(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        // ruleid: java.xml.document-builder-xxe
        DocumentBuilder builder = factory.newDocumentBuilder();
        return builder.parse(in);
    }

    Document chained(InputStream in) throws Exception {
        // ruleid: java.xml.document-builder-xxe
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
    }

    Document validatingOnly(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://xml.org/sax/features/validation", false);
        // ruleid: java.xml.document-builder-xxe
        return factory.newDocumentBuilder().parse(in);
    }

    Document hardened(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: java.xml.document-builder-xxe
        return factory.newDocumentBuilder().parse(in);
    }

    Document hardenedInTry(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        try {
            factory.setFeature(NO_DOCTYPE, true);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
        // ok: java.xml.document-builder-xxe
        DocumentBuilder builder = factory.newDocumentBuilder();
        return builder.parse(in);
    }

    Document fromMap(InputStream in, Map<String, Boolean> features) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        for (Map.Entry<String, Boolean> entry : features.entrySet()) {
            factory.setFeature(entry.getKey(), entry.getValue());
        }
        // ok: java.xml.document-builder-xxe
        return factory.newDocumentBuilder().parse(in);
    }

    Document attributes(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        // ok: java.xml.document-builder-xxe
        return factory.newDocumentBuilder().parse(in);
    }

    Document empty() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // ok: java.xml.document-builder-xxe
        DocumentBuilder builder = factory.newDocumentBuilder();
        Document document = builder.newDocument();
        document.appendChild(document.createElement("root"));
        return document;
    }

    Document helper(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        XmlHardening.apply(factory);
        // ok: java.xml.document-builder-xxe
        return factory.newDocumentBuilder().parse(in);
    }
}
