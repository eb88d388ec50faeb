package com.example.portal;

import java.io.IOException;
import java.util.Map;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

public class PortalServlet extends HttpServlet {
    private static final Map<String, String> PAGES = Map.of("help", "/WEB-INF/help.jsp");

    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        String page = request.getParameter("page");
        // ruleid: java.files.forward-from-request
        request.getRequestDispatcher("/pages/" + page).forward(request, response);
        include(request, response, request.getParameter("box"));
    }

    private void include(HttpServletRequest request, HttpServletResponse response, String box) throws IOException, ServletException {
        // ruleid: java.files.forward-from-request
        getServletContext().getRequestDispatcher(box).include(request, response);
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        request.setAttribute("page", request.getParameter("page"));
        // ok: java.files.forward-from-request
        request.getRequestDispatcher("/WEB-INF/home.jsp").forward(request, response);
        // ok: java.files.forward-from-request
        request.getRequestDispatcher(PAGES.get("help")).forward(request, response);
        String name = "help".equals(request.getParameter("page")) ? "help" : "home";
        // ok: java.files.forward-from-request
        request.getRequestDispatcher("/WEB-INF/" + name + ".jsp").forward(request, response);
    }
}

@Controller
class PortalController {
    @GetMapping("/go")
    public String go(@RequestParam String to) {
        // ruleid: java.files.forward-from-request
        return "forward:/" + to;
    }

    @GetMapping("/year")
    public String year(@RequestParam int year) {
        // ok: java.files.forward-from-request
        return "forward:/" + year;
    }
}
