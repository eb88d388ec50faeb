package com.example.greetings;

import java.io.IOException;
import java.io.PrintWriter;
import java.text.MessageFormat;
import java.util.Locale;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

public class GreetingServlet extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String pattern = request.getParameter("pattern");
        // ruleid: java.injection.format-string-from-request
        String text = String.format(pattern, "secret", 42);
        // ruleid: java.injection.format-string-from-request
        response.getWriter().printf("Hello " + request.getParameter("name") + " from %s", "us");
        // ruleid: java.injection.format-string-from-request
        String localised = String.format(Locale.GERMANY, "Hallo " + pattern + " %d", 1);
        show(response.getWriter(), request.getHeader("X-Format"));
    }

    private void show(PrintWriter writer, String format) {
        // ruleid: java.injection.format-string-from-request
        writer.format(format, new Object());
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = request.getParameter("name");
        // ok: java.injection.format-string-from-request
        String text = String.format("Hello %s", name);
        // ok: java.injection.format-string-from-request
        response.getWriter().printf(Locale.ENGLISH, "Hello %s", text);
        // ok: java.injection.format-string-from-request
        String message = MessageFormat.format("Hello {0}", name);
        int width = Integer.parseInt(request.getParameter("width"));
        // ok: java.injection.format-string-from-request
        String padded = String.format("%" + width + "s", message);
        // ok: java.injection.format-string-from-request
        response.getWriter().println(padded);
    }
}
