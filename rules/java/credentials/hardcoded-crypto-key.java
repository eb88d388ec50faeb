package com.example.cipher;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

public class KeySource {
    private static final String PASSPHRASE = "example-key-text";
    private static final byte[] RAW = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    SecretKey literal() {
        // ruleid: java.credentials.hardcoded-crypto-key
        return new SecretKeySpec("example-key-text".getBytes(StandardCharsets.UTF_8), "AES");
    }

    SecretKey constant() {
        // ruleid: java.credentials.hardcoded-crypto-key
        return new SecretKeySpec(PASSPHRASE.getBytes(), "AES");
    }

    SecretKey bytes() {
        // ruleid: java.credentials.hardcoded-crypto-key
        return new SecretKeySpec(RAW, "AES");
    }

    SecretKey local() {
        byte[] key = "example-key-text".getBytes(StandardCharsets.UTF_8);
        // ruleid: java.credentials.hardcoded-crypto-key
        return new SecretKeySpec(key, 0, 16, "AES");
    }

    SecretKey environment() {
        // ok: java.credentials.hardcoded-crypto-key
        return new SecretKeySpec(Base64.getDecoder().decode(System.getenv("DATA_KEY")), "AES");
    }

    SecretKey parameter(byte[] key) {
        // ok: java.credentials.hardcoded-crypto-key
        return new SecretKeySpec(key, "AES");
    }

    SecretKey derived(char[] password, byte[] salt, Kdf kdf) {
        byte[] key = kdf.derive(password, salt);
        // ok: java.credentials.hardcoded-crypto-key
        return new SecretKeySpec(key, "AES");
    }
}
