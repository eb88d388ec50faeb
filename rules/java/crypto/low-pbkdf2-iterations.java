package com.example.passwords;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

public class Derivation {
    private static final int OLD_COUNT = 1000;
    private static final int COUNT = 600_000;

    byte[] literal(char[] password, byte[] salt) throws Exception {
        // ruleid: java.crypto.low-pbkdf2-iterations
        PBEKeySpec spec = new PBEKeySpec(password, salt, 4096, 256);
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    }

    PBEKeySpec constant(char[] password, byte[] salt) {
        // ruleid: java.crypto.low-pbkdf2-iterations
        return new PBEKeySpec(password, salt, OLD_COUNT, 256);
    }

    PBEParameterSpec params(byte[] salt) {
        // ruleid: java.crypto.low-pbkdf2-iterations
        return new PBEParameterSpec(salt, 20);
    }

    PBEKeySpec good(char[] password, byte[] salt) {
        // ok: java.crypto.low-pbkdf2-iterations
        return new PBEKeySpec(password, salt, 600000, 256);
    }

    PBEKeySpec goodConstant(char[] password, byte[] salt) {
        // ok: java.crypto.low-pbkdf2-iterations
        return new PBEKeySpec(password, salt, COUNT, 256);
    }

    PBEKeySpec stored(char[] password, StoredHash hash) {
        // ok: java.crypto.low-pbkdf2-iterations
        return new PBEKeySpec(password, hash.salt(), hash.iterations(), 256);
    }

    PBEKeySpec passwordOnly(char[] password) {
        // ok: java.crypto.low-pbkdf2-iterations
        return new PBEKeySpec(password);
    }
}
