package com.example.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.servlet.http.HttpServletRequest;

public class Vault {
    SecretKeySpec direct(HttpServletRequest request) {
        String password = request.getParameter("password");
        // ruleid: java.crypto.key-from-plain-password
        return new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "AES");
    }

    SecretKeySpec padded(String passphrase) {
        byte[] bytes = Arrays.copyOf(passphrase.getBytes(StandardCharsets.UTF_8), 16);
        // ruleid: java.crypto.key-from-plain-password
        return new SecretKeySpec(bytes, "AES");
    }

    SecretKeySpec helper(String password) {
        return key(password.getBytes(StandardCharsets.UTF_8));
    }

    private SecretKeySpec key(byte[] bytes) {
        // ruleid: java.crypto.key-from-plain-password
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    SecretKeySpec derived(String password, byte[] salt) throws GeneralSecurityException {
        SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, 600_000, 256);
        // ok: java.crypto.key-from-plain-password
        return new SecretKeySpec(factory.generateSecret(spec).getEncoded(), "AES");
    }

    SecretKeySpec random(byte[] material) {
        // ok: java.crypto.key-from-plain-password
        return new SecretKeySpec(material, "AES");
    }

    SecretKeySpec stored(KeyStorage storage) {
        // ok: java.crypto.key-from-plain-password
        return new SecretKeySpec(storage.load("orders"), "AES");
    }
}

interface KeyStorage {
    byte[] load(String name);
}
