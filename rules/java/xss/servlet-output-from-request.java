package com.example.hello;

import java.io.IOException;
import java.io.PrintWriter;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.jsp.JspWriter;
import org.apache.commons.text.StringEscapeUtils;
import org.owasp.encoder.Encode;
import org.owasp.esapi.ESAPI;
import org.springframework.web.util.HtmlUtils;

public class HelloServlet extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        String name = request.getParameter("name");
        // ruleid: java.xss.servlet-output-from-request
        response.getWriter().println("<p>Hello " + name + "</p>");

        PrintWriter out = response.getWriter();
        // ruleid: java.xss.servlet-output-from-request
        out.write(request.getHeader("Referer"));

        Object[] values = {"a", request.getQueryString()};
        // ruleid: java.xss.servlet-output-from-request
        out.printf("<p>%s %s</p>", values);

        StringBuilder page = new StringBuilder("<html>");
        for (Cookie cookie : request.getCookies()) {
            page.append(cookie.getValue());
        }
        // ruleid: java.xss.servlet-output-from-request
        response.getOutputStream().write(page.toString().getBytes());

        heading(out, request.getParameter("title"));
    }

    private void heading(PrintWriter out, String title) {
        // ruleid: java.xss.servlet-output-from-request
        out.print("<h1>" + title + "</h1>");
    }

    void tag(JspWriter jsp, HttpServletRequest request) throws IOException {
        // ruleid: java.xss.servlet-output-from-request
        jsp.print(request.getParameter("label"));
        // ok: java.xss.servlet-output-from-request
        jsp.print(StringEscapeUtils.escapeHtml4(request.getParameter("label")));
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        // ok: java.xss.servlet-output-from-request
        out.println(Encode.forHtml(request.getParameter("name")));
        // ok: java.xss.servlet-output-from-request
        out.println(ESAPI.encoder().encodeForHTML(request.getParameter("name")));
        // ok: java.xss.servlet-output-from-request
        out.println(HtmlUtils.htmlEscape(request.getParameter("name")));
        // ok: java.xss.servlet-output-from-request
        out.println(Integer.parseInt(request.getParameter("page")));
        String name = request.getParameter("name");
        name = "guest";
        // ok: java.xss.servlet-output-from-request
        out.println("<p>" + name + "</p>");
    }

    void json(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        // ok: java.xss.servlet-output-from-request
        response.getWriter().print("{\"name\": \"" + request.getParameter("name") + "\"}");
    }
}
