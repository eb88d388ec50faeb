package com.example.orders;

import java.io.StringReader;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.stream.XMLInputFactory;
import org.dom4j.io.SAXReader;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

public class OrderServlet extends HttpServlet {
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        try {
            DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            // ruleid: java.xml.untrusted-document-from-request
            Document order = builder.parse(request.getInputStream());
            order.normalize();
            read(request.getParameter("xml"));
        } catch (Exception e) {
            response.setStatus(400);
        }
    }

    private Document read(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // ruleid: java.xml.untrusted-document-from-request
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        // ok: java.xml.untrusted-document-from-request
        Document defaults = builder.parse("/srv/orders/defaults.xml");
        String name = request.getParameter("name");
        // ok: java.xml.untrusted-document-from-request
        builder.parse(OrderServlet.class.getResourceAsStream("/schema.xml"));
    }
}

@RestController
class OrderController {
    @PostMapping("/orders")
    Object order(@RequestBody String xml) throws Exception {
        // ruleid: java.xml.untrusted-document-from-request
        return new SAXReader().read(new StringReader(xml));
    }
}

@RestController
class HardenedController {
    @PostMapping("/safe")
    Object order(@RequestBody String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: java.xml.untrusted-document-from-request
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    @PostMapping("/stax")
    Object stax(@RequestBody String xml) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        // ok: java.xml.untrusted-document-from-request
        return factory.createXMLStreamReader(new StringReader(xml));
    }
}
