package com.example.api;

import java.util.Set;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerResponseContext;

public class CorsFilter {
    private static final Set<String> ORIGINS = Set.of("https://app.example.com");

    void filter(HttpServletRequest request, HttpServletResponse response) {
        String referer = request.getHeader("Referer");
        String origin = request.getHeader("Origin") == null ? referer : request.getHeader("Origin");
        // ruleid: java.cors.origin-from-request
        response.setHeader("Access-Control-Allow-Origin", origin);
    }

    void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String origin = request.getHeaderString("origin");
        // ruleid: java.cors.origin-from-request
        response.getHeaders().putSingle("Access-Control-Allow-Origin", origin);
    }

    void helper(HttpServletRequest request, HttpServletResponse response) {
        allow(response, request.getHeader("Origin"));
    }

    private void allow(HttpServletResponse response, String origin) {
        // ruleid: java.cors.origin-from-request
        response.addHeader("Access-Control-Allow-Origin", origin);
    }

    void listed(HttpServletRequest request, HttpServletResponse response) {
        String origin = request.getHeader("Origin");
        if (ORIGINS.contains(origin)) {
            // ok: java.cors.origin-from-request
            response.setHeader("Access-Control-Allow-Origin", origin);
        }
    }

    void fixed(HttpServletRequest request, HttpServletResponse response) {
        String origin = request.getHeader("Origin");
        // ok: java.cors.origin-from-request
        response.setHeader("Access-Control-Allow-Origin", "https://app.example.com");
        // ok: java.cors.origin-from-request
        response.setHeader("Vary", origin);
    }
}
