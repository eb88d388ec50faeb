package com.example.errors;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

public class OrderServlet extends HttpServlet {
    private static final Logger log = LoggerFactory.getLogger(OrderServlet.class);

    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            load();
        } catch (SQLException e) {
            // ruleid: java.exposure.exception-text-in-response
            response.getWriter().println("failed: " + e.getMessage());
        }
        try {
            load();
        } catch (Exception e) {
            // ruleid: java.exposure.exception-text-in-response
            response.sendError(500, e.toString());
        }
        try {
            load();
        } catch (Exception e) {
            report(response.getWriter(), e.getMessage());
        }
    }

    private void report(PrintWriter out, String text) {
        // ruleid: java.exposure.exception-text-in-response
        out.println(text);
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            load();
        } catch (OrderException e) {
            // ok: java.exposure.exception-text-in-response
            response.getWriter().println(e.getMessage());
        } catch (SQLException e) {
            log.error("order failed: " + e.getMessage(), e);
            // ok: java.exposure.exception-text-in-response
            response.sendError(500, "order failed");
        }
        // ok: java.exposure.exception-text-in-response
        response.getWriter().println("done");
    }

    private void load() throws SQLException, OrderException {
    }
}

@RestController
class OrderController {
    @GetMapping("/orders")
    public ResponseEntity<String> orders() {
        try {
            return ResponseEntity.ok("none");
        } catch (RuntimeException e) {
            // ruleid: java.exposure.exception-text-in-response
            return ResponseEntity.status(500).body(e.getMessage());
        }
    }
}

class OrderException extends Exception {
}
