package com.example.cipher;

import javax.crypto.Cipher;
import javax.crypto.NullCipher;

public class CipherChoice {
    Cipher disabled() {
        // ruleid: java.crypto.null-cipher
        return new NullCipher();
    }

    Cipher qualified() {
        // ruleid: java.crypto.null-cipher
        Cipher cipher = new javax.crypto.NullCipher();
        return cipher;
    }

    Cipher real() throws Exception {
        // ok: java.crypto.null-cipher
        return Cipher.getInstance("AES/GCM/NoPadding");
    }

    boolean isDisabled(Cipher cipher) {
        // ok: java.crypto.null-cipher
        return cipher instanceof NullCipher;
    }
}
