package com.example.queues;

import java.util.Map;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class QueueController {
    private static final Map<String, String> NAMES = Map.of("orders", "java:comp/env/jms/orders");
    private Context context;

    Object queue(HttpServletRequest request) throws NamingException {
        // ruleid: java.injection.jndi-name-from-request
        return context.lookup(request.getParameter("queue"));
    }

    @GetMapping("/resource")
    Object resource(@RequestParam String name) throws NamingException {
        // ruleid: java.injection.jndi-name-from-request
        return new InitialContext().lookup("java:comp/env/" + name);
    }

    Object shortcut(HttpServletRequest request) throws NamingException {
        return find(request.getHeader("X-Source"));
    }

    private Object find(String name) throws NamingException {
        // ruleid: java.injection.jndi-name-from-request
        return InitialContext.doLookup(name);
    }

    Object fixed(HttpServletRequest request) throws NamingException {
        String queue = request.getParameter("queue");
        // ok: java.injection.jndi-name-from-request
        return context.lookup("java:comp/env/jms/orders");
    }

    Object numbered(HttpServletRequest request) throws NamingException {
        int number = Integer.parseInt(request.getParameter("number"));
        // ok: java.injection.jndi-name-from-request
        return context.lookup("java:comp/env/jms/queue" + number);
    }

    Object chosen(HttpServletRequest request) throws NamingException {
        String name = "orders".equals(request.getParameter("queue")) ? "java:comp/env/jms/orders" : "java:comp/env/jms/other";
        // ok: java.injection.jndi-name-from-request
        return context.lookup(name);
    }
}
