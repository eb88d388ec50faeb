package com.example.web;

import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

public class Controllers {
    // ruleid: java.spring.crossorigin-any-origin
    @CrossOrigin(origins = "*", maxAge = 3600)
    @RestController
    static class Everyone {
    }

    // ruleid: java.spring.crossorigin-any-origin
    @CrossOrigin
    @RestController
    static class Implicit {
    }

    // ruleid: java.spring.crossorigin-any-origin
    @CrossOrigin
    @GetMapping("/version")
    String version() {
        return "1";
    }

    // ruleid: java.spring.crossorigin-any-origin
    @CrossOrigin("*")
    @GetMapping("/status")
    String status() {
        return "up";
    }

    // ok: java.spring.crossorigin-any-origin
    @CrossOrigin(origins = "https://app.example.com")
    @RestController
    static class Listed {
    }

    // ok: java.spring.crossorigin-any-origin
    @CrossOrigin("https://app.example.com")
    @GetMapping("/items")
    String items() {
        return "[]";
    }
}
