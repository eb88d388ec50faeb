package com.example.accounts;

import javax.servlet.http.HttpServletRequest;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.owasp.esapi.ESAPI;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

@RestController
class AccountController {
    private Document accounts;
    private org.dom4j.Document orders;

    NodeList login(HttpServletRequest request) throws XPathExpressionException {
        XPath xpath = XPathFactory.newInstance().newXPath();
        String query = "/accounts/account[user='" + request.getParameter("user") + "']";
        // ruleid: java.injection.xpath-from-request
        return (NodeList) xpath.evaluate(query, accounts, XPathConstants.NODESET);
    }

    @PostMapping("/compile")
    Object compile(@RequestParam String user) throws XPathExpressionException {
        // ruleid: java.injection.xpath-from-request
        XPathExpression expression = XPathFactory.newInstance().newXPath().compile("//account[@id='" + user + "']");
        return expression.evaluate(accounts);
    }

    Object orders(HttpServletRequest request) {
        return select("//order[customer='" + request.getHeader("X-Customer") + "']");
    }

    private Object select(String expression) {
        // ruleid: java.injection.xpath-from-request
        return orders.selectNodes(expression);
    }

    Object variable(HttpServletRequest request) throws XPathExpressionException {
        XPath xpath = XPathFactory.newInstance().newXPath();
        String user = request.getParameter("user");
        xpath.setXPathVariableResolver(name -> user);
        // ok: java.injection.xpath-from-request
        return xpath.evaluate("/accounts/account[user = $user]", accounts);
    }

    Object escaped(HttpServletRequest request) throws XPathExpressionException {
        XPath xpath = XPathFactory.newInstance().newXPath();
        String user = ESAPI.encoder().encodeForXPath(request.getParameter("user"));
        // ok: java.injection.xpath-from-request
        return xpath.evaluate("/accounts/account[user='" + user + "']", accounts);
    }

    Object number(HttpServletRequest request) {
        long id = Long.parseLong(request.getParameter("id"));
        // ok: java.injection.xpath-from-request
        return orders.selectNodes("//order[@id=" + id + "]");
    }
}
