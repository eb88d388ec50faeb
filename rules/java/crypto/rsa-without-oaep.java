package com.example.cipher;

import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import javax.crypto.Cipher;

public class RsaBox {
    private static final String RSA = "RSA/None/NoPadding";

    byte[] raw(PublicKey key, byte[] data) throws Exception {
        // ruleid: java.crypto.rsa-without-oaep
        Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return cipher.doFinal(data);
    }

    Cipher old() throws Exception {
        // ruleid: java.crypto.rsa-without-oaep
        return Cipher.getInstance("RSA/ECB/PKCS1Padding", "BC");
    }

    Cipher implied() throws Exception {
        // ruleid: java.crypto.rsa-without-oaep
        return Cipher.getInstance("RSA");
    }

    Cipher constant() throws Exception {
        // ruleid: java.crypto.rsa-without-oaep
        return Cipher.getInstance(RSA);
    }

    byte[] oaep(PublicKey key, byte[] data) throws Exception {
        // ok: java.crypto.rsa-without-oaep
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return cipher.doFinal(data);
    }

    Object factory() throws Exception {
        // ok: java.crypto.rsa-without-oaep
        return KeyFactory.getInstance("RSA");
    }

    Signature sign(PrivateKey key) throws Exception {
        // ok: java.crypto.rsa-without-oaep
        return Signature.getInstance("SHA256withRSA");
    }

    Cipher aes() throws Exception {
        // ok: java.crypto.rsa-without-oaep
        return Cipher.getInstance("AES/GCM/NoPadding");
    }
}
