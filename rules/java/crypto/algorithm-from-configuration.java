package com.example.settings;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Properties;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import org.springframework.beans.factory.annotation.Value;

public class Algorithms {
    private final Properties settings = new Properties();

    @Value("${security.mac}")
    private String mac;

    MessageDigest digest() throws GeneralSecurityException {
        // ruleid: java.crypto.algorithm-from-configuration
        return MessageDigest.getInstance(settings.getProperty("digest"));
    }

    Mac mac() throws GeneralSecurityException {
        // ruleid: java.crypto.algorithm-from-configuration
        return Mac.getInstance(mac);
    }

    Cipher cipher() throws GeneralSecurityException {
        return open(System.getenv("CIPHER"));
    }

    private Cipher open(String name) throws GeneralSecurityException {
        // ruleid: java.crypto.algorithm-from-configuration
        return Cipher.getInstance(name);
    }

    MessageDigest withDefault() throws GeneralSecurityException {
        // ok: java.crypto.algorithm-from-configuration
        return MessageDigest.getInstance(settings.getProperty("digest", "SHA-256"));
    }

    MessageDigest mapped() throws GeneralSecurityException {
        String name = "2".equals(settings.getProperty("format")) ? "SHA-512" : "SHA-256";
        // ok: java.crypto.algorithm-from-configuration
        return MessageDigest.getInstance(name);
    }

    MessageDigest constant() throws GeneralSecurityException {
        String name = settings.getProperty("digest");
        name = "SHA-256";
        // ok: java.crypto.algorithm-from-configuration
        return MessageDigest.getInstance(name);
    }
}
