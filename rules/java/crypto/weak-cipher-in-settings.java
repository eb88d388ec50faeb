package com.example.vault;

import java.security.GeneralSecurityException;
import java.util.Properties;
import java.util.ResourceBundle;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;

public class Vault {
    private final Properties settings = new Properties();

    Cipher old() throws GeneralSecurityException {
        // ruleid: java.crypto.weak-cipher-in-settings
        return Cipher.getInstance(settings.getProperty("cipher.old"));
    }

    Cipher plain() throws GeneralSecurityException {
        String name = ResourceBundle.getBundle("vault").getString("cipher.plain");
        // ruleid: java.crypto.weak-cipher-in-settings
        return Cipher.getInstance(name);
    }

    KeyGenerator backup() throws GeneralSecurityException {
        // ruleid: java.crypto.weak-cipher-in-settings
        return KeyGenerator.getInstance(System.getenv("CIPHER_OF_BACKUP"));
    }

    Cipher current() throws GeneralSecurityException {
        // ok: java.crypto.weak-cipher-in-settings
        return Cipher.getInstance(settings.getProperty("cipher.current", "DES"));
    }

    KeyGenerator key() throws GeneralSecurityException {
        // ok: java.crypto.weak-cipher-in-settings
        return KeyGenerator.getInstance(settings.getProperty("cipher.key", "DES"));
    }

    Cipher overwritten() throws GeneralSecurityException {
        String name = settings.getProperty("cipher.old");
        name = "AES/GCM/NoPadding";
        // ok: java.crypto.weak-cipher-in-settings
        return Cipher.getInstance(name);
    }

    Cipher unknown() throws GeneralSecurityException {
        // ok: java.crypto.weak-cipher-in-settings
        return Cipher.getInstance(settings.getProperty("cipher.nowhere", "AES/GCM/NoPadding"));
    }
}
