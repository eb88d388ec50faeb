package com.example.ciphers;

import java.security.GeneralSecurityException;
import java.util.Properties;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;

public class Ciphers {
    private final Properties settings = new Properties();

    Cipher configured() throws GeneralSecurityException {
        String name = settings.getProperty("cipher", "DES/ECB/PKCS5Padding");
        // ruleid: java.crypto.weak-cipher-name-from-variable
        return Cipher.getInstance(name);
    }

    KeyGenerator chosen(boolean old) throws GeneralSecurityException {
        // ruleid: java.crypto.weak-cipher-name-from-variable
        return KeyGenerator.getInstance(old ? "RC4" : "AES");
    }

    Cipher legacy() throws GeneralSecurityException {
        return open("DESede/CBC/PKCS5Padding");
    }

    private Cipher open(String transformation) throws GeneralSecurityException {
        // ruleid: java.crypto.weak-cipher-name-from-variable
        return Cipher.getInstance(transformation);
    }

    Cipher current() throws GeneralSecurityException {
        return openCurrent("AES/GCM/NoPadding");
    }

    private Cipher openCurrent(String transformation) throws GeneralSecurityException {
        // ok: java.crypto.weak-cipher-name-from-variable
        return Cipher.getInstance(transformation);
    }

    Cipher safeDefault() throws GeneralSecurityException {
        // ok: java.crypto.weak-cipher-name-from-variable
        return Cipher.getInstance(settings.getProperty("cipher", "AES/GCM/NoPadding"));
    }

    Cipher overwritten(boolean old) throws GeneralSecurityException {
        String name = old ? "RC4" : "DES";
        name = "AES/GCM/NoPadding";
        // ok: java.crypto.weak-cipher-name-from-variable
        return Cipher.getInstance(name);
    }

    Cipher knownElsewhere() throws GeneralSecurityException {
        // ok: java.crypto.weak-cipher-name-from-variable
        return Cipher.getInstance(settings.getProperty("cipher.known", "RC4"));
    }
}
