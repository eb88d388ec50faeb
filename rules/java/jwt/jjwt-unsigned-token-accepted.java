package com.example.auth;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Jwt;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import java.security.Key;
import javax.crypto.SecretKey;

public class TokenReader {
    Object old(Key key, String token) {
        // ruleid: java.jwt.jjwt-unsigned-token-accepted
        return Jwts.parser().setSigningKey(key).parse(token).getBody();
    }

    Jwt<?, ?> builder(Key key, String token) {
        // ruleid: java.jwt.jjwt-unsigned-token-accepted
        return Jwts.parserBuilder().setSigningKey(key).build().parse(token);
    }

    Claims unsigned(JwtParser parser, String token) {
        // ruleid: java.jwt.jjwt-unsigned-token-accepted
        return parser.parseClaimsJwt(token).getBody();
    }

    JwtParser allowed(SecretKey key) {
        // ruleid: java.jwt.jjwt-unsigned-token-accepted
        return Jwts.parser().verifyWith(key).unsecured().build();
    }

    Claims signedOld(Key key, String token) {
        // ok: java.jwt.jjwt-unsigned-token-accepted
        return Jwts.parserBuilder().setSigningKey(key).build().parseClaimsJws(token).getBody();
    }

    Claims signed(SecretKey key, String token) {
        // ok: java.jwt.jjwt-unsigned-token-accepted
        return Jwts.parser().verifyWith(key).build().parseSignedClaims(token).getPayload();
    }

    Object current(SecretKey key, String token) {
        // since 0.12 parse refuses unsigned tokens unless unsecured() was called
        // ok: java.jwt.jjwt-unsigned-token-accepted
        return Jwts.parser().verifyWith(key).build().parse(token);
    }

    Object date(java.text.DateFormat parser, String text) throws Exception {
        // ok: java.jwt.jjwt-unsigned-token-accepted
        return parser.parse(text);
    }
}
