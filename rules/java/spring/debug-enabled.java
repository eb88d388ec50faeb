package com.example.security;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.boot.web.servlet.error.DefaultErrorAttributes;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.web.context.request.WebRequest;

public class DebugSettings {
    // ruleid: java.spring.debug-enabled
    @EnableWebSecurity(debug = true)
    static class Verbose {
    }

    // ok: java.spring.debug-enabled
    @EnableWebSecurity
    static class Quiet {
    }

    // ok: java.spring.debug-enabled
    @EnableWebSecurity(debug = false)
    static class Explicit {
    }

    static class Attributes extends DefaultErrorAttributes {
        Map<String, Object> full(WebRequest request) {
            // ruleid: java.spring.debug-enabled
            return getErrorAttributes(request, ErrorAttributeOptions.of(ErrorAttributeOptions.Include.STACK_TRACE));
        }

        Map<String, Object> messageOnly(WebRequest request) {
            // ok: java.spring.debug-enabled
            return getErrorAttributes(request, ErrorAttributeOptions.of(ErrorAttributeOptions.Include.MESSAGE));
        }
    }

    Map<String, Object> defaults() {
        Map<String, Object> properties = new HashMap<>();
        // ruleid: java.spring.debug-enabled
        properties.put("server.error.include-stacktrace", "always");
        // ok: java.spring.debug-enabled
        properties.put("server.error.include-message", "never");
        return properties;
    }
}
