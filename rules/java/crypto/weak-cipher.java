package com.example.cipher;

import javax.crypto.*;
import javax.crypto.spec.SecretKeySpec;

public class LegacyCiphers {
    private static final String TRANSFORMATION = "Blowfish/CBC/PKCS5Padding";
    private static final String GOOD = "AES/GCM/NoPadding";

    byte[] des(byte[] key, byte[] data) throws Exception {
        // ruleid: java.crypto.weak-cipher
        Cipher cipher = Cipher.getInstance("DES/CBC/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
        return cipher.doFinal(data);
    }

    Cipher stream() throws Exception {
        // ruleid: java.crypto.weak-cipher
        return Cipher.getInstance("ARCFOUR");
    }

    SecretKey key() throws Exception {
        // ruleid: java.crypto.weak-cipher
        KeyGenerator generator = KeyGenerator.getInstance("DESede");
        return generator.generateKey();
    }

    Cipher constant() throws Exception {
        // ruleid: java.crypto.weak-cipher
        return Cipher.getInstance(TRANSFORMATION);
    }

    Cipher local() throws Exception {
        String transformation = "RC4";
        // ruleid: java.crypto.weak-cipher
        return Cipher.getInstance(transformation);
    }

    Cipher strong() throws Exception {
        // ok: java.crypto.weak-cipher
        return Cipher.getInstance("AES/GCM/NoPadding");
    }

    Cipher strongConstant() throws Exception {
        // ok: java.crypto.weak-cipher
        return Cipher.getInstance(GOOD);
    }

    SecretKeyFactory kdf() throws Exception {
        // ok: java.crypto.weak-cipher
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512");
    }

    Object describe(Palette palette) {
        // ok: java.crypto.weak-cipher
        return palette.getInstance("DES");
    }
}
