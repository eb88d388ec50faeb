package com.example.cookies;

import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletResponse;

public class Cookies {
    void plain(HttpServletResponse response, String value) {
        Cookie cookie = make("session", value);
        // ruleid: java.cookies.helper-cookie-without-secure
        response.addCookie(cookie);
    }

    void inline(HttpServletResponse response, String value) {
        // ruleid: java.cookies.helper-cookie-without-secure
        response.addCookie(make("remember", value));
    }

    void handedOn(HttpServletResponse response, String value) {
        send(response, new Cookie("token", value));
    }

    private void send(HttpServletResponse response, Cookie cookie) {
        // ruleid: java.cookies.helper-cookie-without-secure
        response.addCookie(cookie);
    }

    private Cookie make(String name, String value) {
        Cookie cookie = new Cookie(name, value);
        cookie.setHttpOnly(true);
        return cookie;
    }

    void secured(HttpServletResponse response, String value) {
        Cookie cookie = make("session", value);
        cookie.setSecure(true);
        // ok: java.cookies.helper-cookie-without-secure
        response.addCookie(cookie);
    }

    void securedInHelper(HttpServletResponse response, String value) {
        // ok: java.cookies.helper-cookie-without-secure
        response.addCookie(makeSecure("session", value));
    }

    private Cookie makeSecure(String name, String value) {
        Cookie cookie = new Cookie(name, value);
        cookie.setSecure(true);
        return cookie;
    }

    void removed(HttpServletResponse response) {
        Cookie cookie = make("session", "");
        cookie.setMaxAge(0);
        // ok: java.cookies.helper-cookie-without-secure
        response.addCookie(cookie);
    }
}
