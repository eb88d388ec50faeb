package com.example.auth;

import com.auth0.jwt.algorithms.Algorithm;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.SignatureAlgorithm;
import io.jsonwebtoken.security.Keys;
import java.nio.charset.StandardCharsets;
import java.security.Key;

public class TokenKeys {
    private static final String SECRET = "example-secret-for-tests";

    Algorithm auth0() {
        // ruleid: java.jwt.hardcoded-secret
        return Algorithm.HMAC256("example-secret-for-tests");
    }

    String jjwt(String subject) {
        // ruleid: java.jwt.hardcoded-secret
        return Jwts.builder().setSubject(subject).signWith(SignatureAlgorithm.HS256, SECRET).compact();
    }

    Key key() {
        // ruleid: java.jwt.hardcoded-secret
        return Keys.hmacShaKeyFor(SECRET.getBytes(StandardCharsets.UTF_8));
    }

    Object parse(String token) {
        // ruleid: java.jwt.hardcoded-secret
        return Jwts.parser().setSigningKey(SECRET).parseClaimsJws(token);
    }

    Algorithm environment() {
        // ok: java.jwt.hardcoded-secret
        return Algorithm.HMAC256(System.getenv("JWT_SECRET"));
    }

    Key configured(Settings settings) {
        // ok: java.jwt.hardcoded-secret
        return Keys.hmacShaKeyFor(settings.jwtSecret().getBytes(StandardCharsets.UTF_8));
    }

    Object parseConfigured(Key key, String token) {
        // ok: java.jwt.hardcoded-secret
        return Jwts.parserBuilder().setSigningKey(key).build().parseClaimsJws(token);
    }
}
