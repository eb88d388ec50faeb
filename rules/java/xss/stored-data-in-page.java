package com.example.board;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.owasp.encoder.Encode;

public class BoardServlet extends HttpServlet {
    private Connection connection;

    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try (ResultSet rows = connection.prepareStatement("SELECT id, title, author FROM posts").executeQuery()) {
            PrintWriter out = response.getWriter();
            while (rows.next()) {
                // ruleid: java.xss.stored-data-in-page
                out.println("<h2>" + rows.getString("title") + "</h2>");
                // ok: java.xss.stored-data-in-page
                out.println("<i>" + Encode.forHtml(rows.getString("author")) + "</i>");
                // ok: java.xss.stored-data-in-page
                out.println("<a href='/post?id=" + rows.getInt("id") + "'>more</a>");
                author(out, rows.getString("author"));
            }
        } catch (SQLException e) {
            response.sendError(500);
        }
    }

    private void author(PrintWriter out, String author) {
        // ruleid: java.xss.stored-data-in-page
        out.print("<i>" + author + "</i>");
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        URLConnection feed = new URL("https://news.example.com/feed").openConnection();
        BufferedReader reader = new BufferedReader(new InputStreamReader(feed.getInputStream()));
        // ruleid: java.xss.stored-data-in-page
        response.getWriter().write(reader.readLine());
        // ok: java.xss.stored-data-in-page
        response.getWriter().write(Encode.forHtml(reader.readLine()));
    }
}
