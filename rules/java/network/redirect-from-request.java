package com.example.session;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Response;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

public class LoginServlet extends HttpServlet {
    private static final Map<String, String> TARGETS = Map.of("shop", "/shop");

    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String next = request.getParameter("next");
        // ruleid: java.network.redirect-from-request
        response.sendRedirect(next);
        // ruleid: java.network.redirect-from-request
        response.setHeader("Location", "https://" + request.getParameter("host"));
        leave(response, request.getHeader("Referer"));
    }

    private void leave(HttpServletResponse response, String target) throws IOException {
        // ruleid: java.network.redirect-from-request
        response.sendRedirect(target);
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // ok: java.network.redirect-from-request
        response.sendRedirect("/login?user=" + request.getParameter("user"));
        // ok: java.network.redirect-from-request
        response.sendRedirect(request.getContextPath() + "/home?tab=" + request.getParameter("tab"));
        // ok: java.network.redirect-from-request
        response.sendRedirect("https://sso.example.com/?back=" + URLEncoder.encode(request.getParameter("back"), "UTF-8"));
        // ok: java.network.redirect-from-request
        response.sendRedirect(TARGETS.get("shop"));
        String next = "shop".equals(request.getParameter("next")) ? "/shop" : "/";
        // ok: java.network.redirect-from-request
        response.sendRedirect(next);
    }
}

@Controller
class LoginController {
    @GetMapping("/leave")
    public String leave(@RequestParam String url) {
        // ruleid: java.network.redirect-from-request
        return "redirect:" + url;
    }

    @GetMapping("/view")
    public RedirectView view(@RequestParam String url) {
        // ruleid: java.network.redirect-from-request
        return new RedirectView(url);
    }

    @GetMapping("/item")
    public ModelAndView item(@RequestParam Long id) {
        // ok: java.network.redirect-from-request
        return new ModelAndView("redirect:/items/" + id);
    }
}

@Path("/out")
class OutResource {
    @GET
    public Response out(@QueryParam("url") String url) {
        // ruleid: java.network.redirect-from-request
        return Response.seeOther(URI.create(url)).build();
    }
}
