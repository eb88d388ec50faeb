package com.example.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.jsonwebtoken.Jwts;
import java.security.Key;

public class TokenIssuer {
    String auth0(String subject) {
        // ruleid: java.jwt.none-algorithm
        return JWT.create().withSubject(subject).sign(Algorithm.none());
    }

    void verifyNothing(String token) {
        // ruleid: java.jwt.none-algorithm
        JWT.require(Algorithm.none()).build().verify(token);
    }

    String plain(JWTClaimsSet claims) {
        // ruleid: java.jwt.none-algorithm
        return new PlainJWT(claims).serialize();
    }

    String jjwt(String subject) {
        // ruleid: java.jwt.none-algorithm
        return Jwts.builder().setSubject(subject).compact();
    }

    String signed(String subject, Key key) {
        // ok: java.jwt.none-algorithm
        return Jwts.builder().setSubject(subject).signWith(key).compact();
    }

    String auth0Signed(String subject, Algorithm algorithm) {
        // ok: java.jwt.none-algorithm
        return JWT.create().withSubject(subject).sign(algorithm);
    }

    Object noFilter(Filters filters) {
        // ok: java.jwt.none-algorithm
        return filters.none();
    }
}
