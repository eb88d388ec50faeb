package com.example.cipher;

import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.SecretKeySpec;

public class Modes {
    private static final String DEFAULTS = "AES";

    byte[] explicit(byte[] key, byte[] data) throws Exception {
        // ruleid: java.crypto.ecb-mode
        Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        return cipher.doFinal(data);
    }

    Cipher implied() throws Exception {
        // ruleid: java.crypto.ecb-mode
        return Cipher.getInstance("AES");
    }

    Cipher constant() throws Exception {
        // ruleid: java.crypto.ecb-mode
        return Cipher.getInstance(DEFAULTS);
    }

    Cipher gcm() throws Exception {
        // ok: java.crypto.ecb-mode
        return Cipher.getInstance("AES/GCM/NoPadding");
    }

    Cipher cbc() throws Exception {
        // ok: java.crypto.ecb-mode
        return Cipher.getInstance("AES/CBC/PKCS5Padding");
    }

    Cipher wrap() throws Exception {
        // ok: java.crypto.ecb-mode
        return Cipher.getInstance("AESWrap");
    }

    Cipher rsa() throws Exception {
        // for RSA the word ECB in the transformation has no meaning
        // ok: java.crypto.ecb-mode
        return Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
    }

    Object keys() throws Exception {
        // ok: java.crypto.ecb-mode
        return KeyGenerator.getInstance("AES").generateKey();
    }
}
