package com.example.keys;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import javax.crypto.KeyGenerator;

public class Keys {
    KeyPair weakRsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        // ruleid: java.crypto.short-key
        generator.initialize(1024);
        return generator.generateKeyPair();
    }

    KeyPair weakDsa() throws Exception {
        KeyPairGenerator generator;
        generator = KeyPairGenerator.getInstance("DSA", "SUN");
        // ruleid: java.crypto.short-key
        generator.initialize(1024, new SecureRandom());
        return generator.generateKeyPair();
    }

    RSAKeyGenParameterSpec weakSpec() {
        // ruleid: java.crypto.short-key
        return new RSAKeyGenParameterSpec(512, BigInteger.valueOf(65537));
    }

    KeyPair weakCurve() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        // ruleid: java.crypto.short-key
        generator.initialize(160);
        return generator.generateKeyPair();
    }

    KeyPair goodRsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        // ok: java.crypto.short-key
        generator.initialize(3072);
        return generator.generateKeyPair();
    }

    KeyPair goodCurve() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        // ok: java.crypto.short-key
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    KeyPair namedCurve() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        // ok: java.crypto.short-key
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    Object aes() throws Exception {
        KeyGenerator generator = KeyGenerator.getInstance("AES");
        // ok: java.crypto.short-key
        generator.init(128);
        return generator.generateKey();
    }
}
