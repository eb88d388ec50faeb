package com.example.security;

import org.springframework.context.annotation.Bean;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.MessageDigestPasswordEncoder;
import org.springframework.security.crypto.password.NoOpPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

public class Encoders {
    @Bean
    PasswordEncoder plain() {
        // ruleid: java.crypto.weak-password-encoder
        return NoOpPasswordEncoder.getInstance();
    }

    PasswordEncoder digest() {
        // ruleid: java.crypto.weak-password-encoder
        return new MessageDigestPasswordEncoder("SHA-256");
    }

    PasswordEncoder cheap() {
        // ruleid: java.crypto.weak-password-encoder
        return new BCryptPasswordEncoder(4);
    }

    PasswordEncoder standard() {
        // ok: java.crypto.weak-password-encoder
        return new BCryptPasswordEncoder();
    }

    PasswordEncoder strong() {
        // ok: java.crypto.weak-password-encoder
        return new BCryptPasswordEncoder(12);
    }

    PasswordEncoder delegating() {
        // ok: java.crypto.weak-password-encoder
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }
}
