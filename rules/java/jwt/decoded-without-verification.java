package com.example.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.SignedJWT;

public class ClaimReader {
    String subject(String token) {
        // ruleid: java.jwt.decoded-without-verification
        DecodedJWT jwt = JWT.decode(token);
        return jwt.getSubject();
    }

    String nimbus(String token) throws Exception {
        // ruleid: java.jwt.decoded-without-verification
        return SignedJWT.parse(token).getJWTClaimsSet().getSubject();
    }

    String nimbusVariable(String token) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        // ruleid: java.jwt.decoded-without-verification
        return jwt.getJWTClaimsSet().getSubject();
    }

    String verified(String token, Algorithm algorithm) {
        // ok: java.jwt.decoded-without-verification
        DecodedJWT jwt = JWT.require(algorithm).withIssuer("https://issuer.example.com").build().verify(token);
        return jwt.getSubject();
    }

    String keyByIssuer(String token, Keys keys) {
        // ok: java.jwt.decoded-without-verification
        DecodedJWT unverified = JWT.decode(token);
        DecodedJWT jwt = JWT.require(keys.forIssuer(unverified.getIssuer())).build().verify(token);
        return jwt.getSubject();
    }

    String nimbusVerified(String token, JWSVerifier verifier) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        if (!jwt.verify(verifier)) {
            throw new SecurityException("bad signature");
        }
        // ok: java.jwt.decoded-without-verification
        return jwt.getJWTClaimsSet().getSubject();
    }
}
