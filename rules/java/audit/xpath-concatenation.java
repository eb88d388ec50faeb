package com.example.xml;

import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;

public class Users {
    private final XPath xpath = XPathFactory.newInstance().newXPath();

    String direct(Document document, String name) throws Exception {
        // ruleid: java.audit.xpath-concatenation
        return xpath.evaluate("//user[name='" + name + "']/role", document);
    }

    Object variable(XPath path, Document document, String name) throws Exception {
        String expression = "//user[@name='" + name + "']";
        // ruleid: java.audit.xpath-concatenation
        return path.compile(expression).evaluate(document, XPathConstants.NODE);
    }

    String constant(Document document) throws Exception {
        // ok: java.audit.xpath-concatenation
        return xpath.evaluate("//user[1]" + "/role", document);
    }

    String resolver(Document document, String name) throws Exception {
        xpath.setXPathVariableResolver(variable -> name);
        // ok: java.audit.xpath-concatenation
        return xpath.evaluate("//user[name=$name]/role", document);
    }

    String position(Document document, int index) throws Exception {
        // ok: java.audit.xpath-concatenation
        return xpath.evaluate("//user[" + index + "]/role", document);
    }
}
