package com.example.web;

import java.util.List;
import java.util.Set;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.servlet.config.annotation.CorsRegistry;

public class CorsSettings {
    private final Set<String> trusted = Set.of("https://app.example.com");

    void registry(CorsRegistry registry) {
        // ruleid: java.cors.any-origin-with-credentials
        registry.addMapping("/api/**").allowedOriginPatterns("*").allowedMethods("GET", "POST").allowCredentials(true);
    }

    CorsConfiguration configuration() {
        CorsConfiguration config = new CorsConfiguration();
        // ruleid: java.cors.any-origin-with-credentials
        config.setAllowedOriginPatterns(List.of("*"));
        config.setAllowCredentials(true);
        return config;
    }

    // ruleid: java.cors.any-origin-with-credentials
    @CrossOrigin(originPatterns = "*", allowCredentials = "true")
    static class Controller {
    }

    void reflected(HttpServletRequest request, HttpServletResponse response) {
        // ruleid: java.cors.any-origin-with-credentials
        response.setHeader("Access-Control-Allow-Origin", request.getHeader("Origin"));
        response.setHeader("Access-Control-Allow-Credentials", "true");
    }

    void reflectedVariable(HttpServletRequest request, HttpServletResponse response) {
        String origin = request.getHeader("Origin");
        // ruleid: java.cors.any-origin-with-credentials
        response.setHeader("Access-Control-Allow-Origin", origin);
    }

    void listed(CorsRegistry registry) {
        // ok: java.cors.any-origin-with-credentials
        registry.addMapping("/api/**").allowedOrigins("https://app.example.com").allowCredentials(true);
    }

    void publicApi(CorsRegistry registry) {
        // ok: java.cors.any-origin-with-credentials
        registry.addMapping("/public/**").allowedOrigins("*").allowedMethods("GET");
    }

    CorsConfiguration publicConfiguration() {
        CorsConfiguration config = new CorsConfiguration();
        // ok: java.cors.any-origin-with-credentials
        config.addAllowedOrigin("*");
        config.setAllowCredentials(false);
        return config;
    }

    void checked(HttpServletRequest request, HttpServletResponse response) {
        String origin = request.getHeader("Origin");
        if (trusted.contains(origin)) {
            // ok: java.cors.any-origin-with-credentials
            response.setHeader("Access-Control-Allow-Origin", origin);
        }
    }
}
