package com.example.security;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;

public class Headers {
    void all(HttpSecurity http) throws Exception {
        // ruleid: java.spring.security-headers-disabled
        http.headers().disable();
    }

    void frames(HttpSecurity http) throws Exception {
        // ruleid: java.spring.security-headers-disabled
        http.headers().frameOptions().disable();
    }

    void reference(HttpSecurity http) throws Exception {
        // ruleid: java.spring.security-headers-disabled
        http.headers(headers -> headers.frameOptions(HeadersConfigurer.FrameOptionsConfig::disable));
    }

    void own(HttpSecurity http) throws Exception {
        // ok: java.spring.security-headers-disabled
        http.headers(headers -> headers.frameOptions(frame -> frame.sameOrigin()));
    }

    void deny(HttpSecurity http) throws Exception {
        // ok: java.spring.security-headers-disabled
        http.headers().frameOptions().deny();
    }

    void cache(HttpSecurity http) throws Exception {
        // ok: java.spring.security-headers-disabled
        http.headers(headers -> headers.cacheControl(cache -> cache.disable()));
    }
}
