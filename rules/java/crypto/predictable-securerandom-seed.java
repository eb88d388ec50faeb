package com.example.random;

import java.security.SecureRandom;
import java.util.Random;

public class Seeds {
    SecureRandom fromText() {
        // ruleid: java.crypto.predictable-securerandom-seed
        return new SecureRandom("example-seed".getBytes());
    }

    int fromNumber() {
        SecureRandom random = new SecureRandom();
        // ruleid: java.crypto.predictable-securerandom-seed
        random.setSeed(42L);
        return random.nextInt();
    }

    int fromClock() throws Exception {
        SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
        // ruleid: java.crypto.predictable-securerandom-seed
        random.setSeed(System.currentTimeMillis());
        return random.nextInt();
    }

    int simulation() {
        Random random = new Random();
        // ok: java.crypto.predictable-securerandom-seed
        random.setSeed(42L);
        return random.nextInt();
    }

    SecureRandom plain() {
        // ok: java.crypto.predictable-securerandom-seed
        return new SecureRandom();
    }

    void reseed(SecureRandom random) {
        // ok: java.crypto.predictable-securerandom-seed
        random.setSeed(random.generateSeed(32));
    }
}
