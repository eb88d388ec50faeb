package com.example.digest;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.commons.codec.digest.DigestUtils;

public class Digests {
    private static final String LEGACY = "MD5";
    private static final String MODERN = "SHA-256";

    byte[] signatureInput(byte[] document) throws NoSuchAlgorithmException {
        // ruleid: java.crypto.weak-hash
        MessageDigest md = MessageDigest.getInstance("SHA-1");
        return md.digest(document);
    }

    byte[] withProvider(byte[] document) throws Exception {
        // ruleid: java.crypto.weak-hash
        return MessageDigest.getInstance("md5", "BC").digest(document);
    }

    byte[] qualified(byte[] document) throws Exception {
        // ruleid: java.crypto.weak-hash
        return java.security.MessageDigest.getInstance("SHA").digest(document);
    }

    byte[] viaConstant(byte[] document) throws NoSuchAlgorithmException {
        // ruleid: java.crypto.weak-hash
        return MessageDigest.getInstance(LEGACY).digest(document);
    }

    String storePassword(String password) {
        // ruleid: java.crypto.weak-hash
        return DigestUtils.md5Hex(password);
    }

    String guava(String text) {
        // ruleid: java.crypto.weak-hash
        return Hashing.sha1().hashString(text, StandardCharsets.UTF_8).toString();
    }

    byte[] strong(byte[] document) throws NoSuchAlgorithmException {
        // ok: java.crypto.weak-hash
        return MessageDigest.getInstance("SHA-256").digest(document);
    }

    byte[] strongConstant(byte[] document) throws NoSuchAlgorithmException {
        // ok: java.crypto.weak-hash
        return MessageDigest.getInstance(MODERN).digest(document);
    }

    String strongHelper(String password) {
        // ok: java.crypto.weak-hash
        return DigestUtils.sha512Hex(password);
    }

    byte[] otherApi(Checksums checksums, byte[] body) {
        // ok: java.crypto.weak-hash
        return checksums.getInstance("MD5").digest(body);
    }

    String computeETag(byte[] body) {
        // ok: java.crypto.weak-hash
        return '"' + DigestUtils.md5Hex(body) + '"';
    }
}
