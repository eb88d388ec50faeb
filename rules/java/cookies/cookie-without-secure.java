package com.example.web;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.ResponseCookie;

public class CookieController {
    void missing(HttpServletResponse response, String id) {
        Cookie cookie = new Cookie("session", id);
        cookie.setHttpOnly(true);
        // ruleid: java.cookies.cookie-without-secure
        response.addCookie(cookie);
    }

    void explicit(HttpServletResponse response, String id) {
        Cookie cookie = new Cookie("session", id);
        // ruleid: java.cookies.cookie-without-secure
        cookie.setSecure(false);
        response.addCookie(cookie);
    }

    ResponseCookie builder(String id) {
        // ruleid: java.cookies.cookie-without-secure
        return ResponseCookie.from("session", id).httpOnly(true).secure(false).build();
    }

    void config(ServletContext context) {
        // ruleid: java.cookies.cookie-without-secure
        context.getSessionCookieConfig().setSecure(false);
    }

    void secure(HttpServletResponse response, String id) {
        Cookie cookie = new Cookie("session", id);
        cookie.setHttpOnly(true);
        cookie.setSecure(true);
        // ok: java.cookies.cookie-without-secure
        response.addCookie(cookie);
    }

    void byRequest(HttpServletResponse response, jakarta.servlet.http.HttpServletRequest request, String id) {
        Cookie cookie = new Cookie("session", id);
        cookie.setSecure(request.isSecure());
        // ok: java.cookies.cookie-without-secure
        response.addCookie(cookie);
    }

    void remove(HttpServletResponse response) {
        Cookie cookie = new Cookie("session", "");
        cookie.setMaxAge(0);
        // ok: java.cookies.cookie-without-secure
        response.addCookie(cookie);
    }

    ResponseCookie secureBuilder(String id) {
        // ok: java.cookies.cookie-without-secure
        return ResponseCookie.from("session", id).httpOnly(true).secure(true).build();
    }
}
