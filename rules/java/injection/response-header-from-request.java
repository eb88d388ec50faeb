package com.example.themes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

public class ThemeServlet extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String theme = request.getParameter("theme");
        // ruleid: java.injection.response-header-from-request
        response.setHeader("X-Theme", theme);
        // ruleid: java.injection.response-header-from-request
        response.addHeader(request.getParameter("name"), "1");
        // ruleid: java.injection.response-header-from-request
        response.addCookie(new Cookie("theme", theme));
        attach(response, request.getParameter("file"));
    }

    private void attach(HttpServletResponse response, String name) {
        // ruleid: java.injection.response-header-from-request
        response.setHeader("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String theme = request.getParameter("theme");
        // ok: java.injection.response-header-from-request
        response.setHeader("X-Theme", theme.replaceAll("[^A-Za-z0-9-]", ""));
        // ok: java.injection.response-header-from-request
        response.addHeader("X-File", URLEncoder.encode(request.getParameter("file"), "UTF-8"));
        // ok: java.injection.response-header-from-request
        response.setHeader("X-Page", String.valueOf(Integer.parseInt(request.getParameter("page"))));
        String known = "dark".equals(theme) ? "dark" : "light";
        // ok: java.injection.response-header-from-request
        response.addCookie(new Cookie("theme", known));
    }
}
