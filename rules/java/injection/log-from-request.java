package com.example.login;

import java.util.logging.Level;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

public class LoginServlet extends HttpServlet {
    private static final Logger log = LoggerFactory.getLogger(LoginServlet.class);
    private static final java.util.logging.Logger JUL = java.util.logging.Logger.getLogger("login");

    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String user = request.getParameter("user");
        // ruleid: java.injection.log-from-request
        log.info("login of " + user);
        // ruleid: java.injection.log-from-request
        log.warn("agent {}", request.getHeader("User-Agent"));
        // ruleid: java.injection.log-from-request
        JUL.log(Level.INFO, "login of {0}", user);
        failed(user);
    }

    private void failed(String name) {
        // ruleid: java.injection.log-from-request
        log.error("login failed: {}", name);
    }

    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        // ok: java.injection.log-from-request
        log.info("page {}", Integer.parseInt(request.getParameter("page")));
        String user = request.getParameter("user").replaceAll("[\\r\\n]", "_");
        // ok: java.injection.log-from-request
        log.info("login of {}", user);
        // ok: java.injection.log-from-request
        log.info("request received");
        boolean remember = request.getParameter("remember") != null;
        // ok: java.injection.log-from-request
        log.debug("remember: {}", remember);
    }
}

@RestController
class LoginController {
    private static final Logger LOG = LoggerFactory.getLogger(LoginController.class);

    @PostMapping("/login")
    String login(@RequestParam String user, @RequestParam int attempt) {
        // ruleid: java.injection.log-from-request
        LOG.info("login of {}", user);
        // ok: java.injection.log-from-request
        LOG.info("attempt {}", attempt);
        return "ok";
    }
}

class Client {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    private HttpEntity<String> request;

    void send() {
        // ok: java.injection.log-from-request
        LOG.debug("sends {}", request.getBody());
    }

    void failed(ServerWebExchange exchange) {
        // ok: java.injection.log-from-request
        LOG.debug("failed: {}", exchange.getRequest().getURI());
        // ruleid: java.injection.log-from-request
        LOG.debug("failed: {}", exchange.getRequest().getQueryParams());
    }

    @PostMapping("/orders")
    String order(HttpEntity<String> order) {
        // ruleid: java.injection.log-from-request
        LOG.info("order {}", order.getBody());
        return "ok";
    }
}
