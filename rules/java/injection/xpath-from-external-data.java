package com.example.feeds;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.apache.commons.text.StringEscapeUtils;
import org.w3c.dom.Document;

public class FeedReader {
    private final XPath xpath = XPathFactory.newInstance().newXPath();
    private Document feed;

    String row(ResultSet rows) throws SQLException, XPathExpressionException {
        // ruleid: java.injection.xpath-from-external-data
        return xpath.evaluate("//item[title='" + rows.getString("title") + "']", feed);
    }

    String peer(Socket socket) throws IOException, XPathExpressionException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        return item(reader.readLine());
    }

    private String item(String title) throws XPathExpressionException {
        // ruleid: java.injection.xpath-from-external-data
        return xpath.compile("//item[title='" + title + "']").evaluate(feed);
    }

    String environment() throws XPathExpressionException {
        // ruleid: java.injection.xpath-from-external-data
        return xpath.evaluate(System.getenv("FEED_PATH"), feed);
    }

    String number(ResultSet rows) throws SQLException, XPathExpressionException {
        // ok: java.injection.xpath-from-external-data
        return xpath.evaluate("//item[" + rows.getInt("position") + "]", feed);
    }

    String escaped(ResultSet rows) throws SQLException, XPathExpressionException {
        String title = StringEscapeUtils.escapeXml11(rows.getString("title"));
        // ok: java.injection.xpath-from-external-data
        return xpath.evaluate("//item[title='" + title + "']", feed);
    }

    String constant(ResultSet rows) throws SQLException, XPathExpressionException {
        String title = rows.getString("title");
        title = "news";
        // ok: java.injection.xpath-from-external-data
        return xpath.evaluate("//item[title='" + title + "']", feed);
    }
}
