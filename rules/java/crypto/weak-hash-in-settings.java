package com.example.documents;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Properties;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.env.Environment;

public class Documents {
    private static final String EXPORT = "digest.export";

    private final Properties settings = new Properties();
    private Environment environment;

    @Value("${signing.digest:SHA-256}")
    private String signing;

    @Value("${digest.archive:MD5}")
    private String archive;

    Documents(InputStream file) throws IOException {
        settings.load(file);
    }

    MessageDigest documents() throws NoSuchAlgorithmException {
        String name = settings.getProperty("digest.documents", "SHA-512");
        // ruleid: java.crypto.weak-hash-in-settings
        return MessageDigest.getInstance(name);
    }

    MessageDigest signing() throws NoSuchAlgorithmException {
        // ruleid: java.crypto.weak-hash-in-settings
        return MessageDigest.getInstance(signing);
    }

    MessageDigest exported() throws NoSuchAlgorithmException {
        return digest(environment.getProperty(EXPORT));
    }

    private MessageDigest digest(String name) throws NoSuchAlgorithmException {
        // ruleid: java.crypto.weak-hash-in-settings
        return MessageDigest.getInstance(name);
    }

    MessageDigest archive() throws NoSuchAlgorithmException {
        // ok: java.crypto.weak-hash-in-settings
        return MessageDigest.getInstance(archive);
    }

    MessageDigest archiveByName() throws NoSuchAlgorithmException {
        // ok: java.crypto.weak-hash-in-settings
        return MessageDigest.getInstance(settings.getProperty("digest.archive"));
    }

    MessageDigest unknown() throws NoSuchAlgorithmException {
        // ok: java.crypto.weak-hash-in-settings
        return MessageDigest.getInstance(settings.getProperty("digest.nowhere", "SHA-256"));
    }

    MessageDigest chosen(String EXPORT) throws NoSuchAlgorithmException {
        // ok: java.crypto.weak-hash-in-settings
        return MessageDigest.getInstance(settings.getProperty(EXPORT, "SHA-256"));
    }
}
