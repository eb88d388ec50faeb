package com.example.cipher;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

public class Vectors {
    private static final byte[] FIXED = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private final SecureRandom random = new SecureRandom();

    void literal(Cipher cipher, SecretKey key) throws Exception {
        // ruleid: java.crypto.static-iv
        cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec("0123456789abcdef".getBytes(StandardCharsets.UTF_8)));
    }

    void zeros(Cipher cipher, SecretKey key) throws Exception {
        // ruleid: java.crypto.static-iv
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, new byte[12]));
    }

    void constant(Cipher cipher, SecretKey key) throws Exception {
        // ruleid: java.crypto.static-iv
        IvParameterSpec spec = new IvParameterSpec(FIXED);
        cipher.init(Cipher.ENCRYPT_MODE, key, spec);
    }

    void local(Cipher cipher, SecretKey key) throws Exception {
        byte[] iv = "example-vector-1".getBytes();
        // ruleid: java.crypto.static-iv
        cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
    }

    void fresh(Cipher cipher, SecretKey key) throws Exception {
        byte[] iv = new byte[16];
        random.nextBytes(iv);
        // ok: java.crypto.static-iv
        cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
    }

    void fromMessage(Cipher cipher, SecretKey key, byte[] message) throws Exception {
        byte[] nonce = java.util.Arrays.copyOf(message, 12);
        // ok: java.crypto.static-iv
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce));
    }

    void fromParameter(Cipher cipher, SecretKey key, byte[] iv) throws Exception {
        // ok: java.crypto.static-iv
        cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv, 0, 16));
    }
}
