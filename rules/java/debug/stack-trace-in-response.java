package com.example.web;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import javax.servlet.http.HttpServletResponse;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.springframework.http.ResponseEntity;

public class Errors {
    void direct(HttpServletResponse response, Exception e) throws IOException {
        // ruleid: java.debug.stack-trace-in-response
        e.printStackTrace(response.getWriter());
    }

    void variable(HttpServletResponse response, Exception e) throws IOException {
        PrintWriter out = response.getWriter();
        out.println("failed");
        // ruleid: java.debug.stack-trace-in-response
        e.printStackTrace(out);
    }

    ResponseEntity<String> body(Exception e) {
        // ruleid: java.debug.stack-trace-in-response
        return ResponseEntity.status(500).body(ExceptionUtils.getStackTrace(e));
    }

    void log(Exception e) {
        StringWriter text = new StringWriter();
        // ok: java.debug.stack-trace-in-response
        e.printStackTrace(new PrintWriter(text));
    }

    void console(Exception e) {
        // ok: java.debug.stack-trace-in-response
        e.printStackTrace();
    }

    ResponseEntity<String> neutral() {
        // ok: java.debug.stack-trace-in-response
        return ResponseEntity.status(500).body("internal error");
    }
}
