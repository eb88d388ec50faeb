package com.example.xml;

import java.io.InputStream;
import java.io.StringReader;
import java.io.Writer;
import javax.xml.XMLConstants;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import org.w3c.dom.Document;

public class Transforming {
    void stylesheet(InputStream xslt, Document document, Writer out) throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        // ruleid: java.xml.transformer-xxe
        Transformer transformer = factory.newTransformer(new StreamSource(xslt));
        transformer.transform(new DOMSource(document), new StreamResult(out));
    }

    void pretty(String text, Writer out) throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        Transformer transformer = factory.newTransformer();
        // ruleid: java.xml.transformer-xxe
        transformer.transform(new StreamSource(new StringReader(text)), new StreamResult(out));
    }

    void serialize(Document document, Writer out) throws Exception {
        // ok: java.xml.transformer-xxe
        Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.transform(new DOMSource(document), new StreamResult(out));
    }

    void restricted(InputStream xslt, Document document, Writer out) throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_STYLESHEET, "");
        // ok: java.xml.transformer-xxe
        Transformer transformer = factory.newTransformer(new StreamSource(xslt));
        transformer.transform(new DOMSource(document), new StreamResult(out));
    }

    void secureProcessing(String text, Writer out) throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        Transformer transformer = factory.newTransformer();
        // ok: java.xml.transformer-xxe
        transformer.transform(new StreamSource(new StringReader(text)), new StreamResult(out));
    }
}
