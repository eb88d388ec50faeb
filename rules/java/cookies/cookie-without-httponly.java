package com.example.web;

import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletResponse;
import org.springframework.http.ResponseCookie;
import org.springframework.session.web.http.DefaultCookieSerializer;

public class HttpOnlyController {
    void missing(HttpServletResponse response, String id) {
        Cookie cookie = new Cookie("session", id);
        cookie.setSecure(true);
        // ruleid: java.cookies.cookie-without-httponly
        response.addCookie(cookie);
    }

    void explicit(HttpServletResponse response, String id) {
        Cookie cookie = new Cookie("session", id);
        // ruleid: java.cookies.cookie-without-httponly
        cookie.setHttpOnly(false);
        response.addCookie(cookie);
    }

    ResponseCookie builder(String id) {
        // ruleid: java.cookies.cookie-without-httponly
        return ResponseCookie.from("session", id).httpOnly(false).secure(true).build();
    }

    void serializer() {
        DefaultCookieSerializer serializer = new DefaultCookieSerializer();
        // ruleid: java.cookies.cookie-without-httponly
        serializer.setUseHttpOnlyCookie(false);
    }

    void complete(HttpServletResponse response, String id) {
        Cookie cookie = new Cookie("session", id);
        cookie.setSecure(true);
        cookie.setHttpOnly(true);
        // ok: java.cookies.cookie-without-httponly
        response.addCookie(cookie);
    }

    void language(HttpServletResponse response, String code) {
        Cookie cookie = new Cookie("lang", code);
        // ok: java.cookies.cookie-without-httponly
        response.addCookie(cookie);
    }

    ResponseCookie completeBuilder(String id) {
        // ok: java.cookies.cookie-without-httponly
        return ResponseCookie.from("session", id).httpOnly(true).secure(true).build();
    }
}
