package com.example.wizard;

import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

public class WizardServlet extends HttpServlet {
    private static final Map<String, String> STEPS = Map.of("1", "address", "2", "payment");

    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String role = request.getParameter("role");
        // ruleid: java.session.request-data-in-session
        request.getSession().setAttribute("role", role);
        // ruleid: java.session.request-data-in-session
        request.getSession().putValue(request.getParameter("name"), "1");
        remember(request.getSession(true), request.getHeader("X-User"));
    }

    private void remember(HttpSession session, String user) {
        // ruleid: java.session.request-data-in-session
        session.setAttribute("user", user);
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        HttpSession session = request.getSession();
        // ok: java.session.request-data-in-session
        session.setAttribute("page", Integer.parseInt(request.getParameter("page")));
        // ok: java.session.request-data-in-session
        session.setAttribute("started", System.currentTimeMillis());
        String step = "2".equals(request.getParameter("step")) ? "payment" : "address";
        // ok: java.session.request-data-in-session
        session.setAttribute("step", step);
        String theme = request.getParameter("theme");
        theme = "dark";
        // ok: java.session.request-data-in-session
        session.setAttribute("theme", theme);
        // ok: java.session.request-data-in-session
        request.setAttribute("theme", request.getParameter("theme"));
    }
}
