package com.example.digests;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Properties;

public class Digests {
    private final Properties settings = new Properties();

    MessageDigest configured() throws NoSuchAlgorithmException {
        String name = settings.getProperty("digest", "MD5");
        // ruleid: java.crypto.weak-hash-name-from-variable
        return MessageDigest.getInstance(name);
    }

    MessageDigest chosen(boolean fast) throws NoSuchAlgorithmException {
        // ruleid: java.crypto.weak-hash-name-from-variable
        return MessageDigest.getInstance(fast ? "SHA1" : "SHA-256");
    }

    byte[] checksum(byte[] data) throws NoSuchAlgorithmException {
        return digest("sha-1", data);
    }

    byte[] strong(byte[] data) throws NoSuchAlgorithmException {
        return strongDigest("SHA-512", data);
    }

    private byte[] digest(String algorithm, byte[] data) throws NoSuchAlgorithmException {
        // ruleid: java.crypto.weak-hash-name-from-variable
        return MessageDigest.getInstance(algorithm).digest(data);
    }

    private byte[] strongDigest(String algorithm, byte[] data) throws NoSuchAlgorithmException {
        // ok: java.crypto.weak-hash-name-from-variable
        return MessageDigest.getInstance(algorithm).digest(data);
    }

    MessageDigest safeDefault() throws NoSuchAlgorithmException {
        // ok: java.crypto.weak-hash-name-from-variable
        return MessageDigest.getInstance(settings.getProperty("digest", "SHA-256"));
    }

    MessageDigest overwritten() throws NoSuchAlgorithmException {
        String name = settings.getProperty("digest", "MD5");
        name = "SHA-256";
        // ok: java.crypto.weak-hash-name-from-variable
        return MessageDigest.getInstance(name);
    }

    MessageDigest knownElsewhere() throws NoSuchAlgorithmException {
        // ok: java.crypto.weak-hash-name-from-variable
        return MessageDigest.getInstance(settings.getProperty("hash.known", "MD5"));
    }
}
