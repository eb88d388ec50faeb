package com.example.tokens;

import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.commons.lang3.RandomStringUtils;

public class Tokens {
    private final Random random = new Random();
    private final SecureRandom secure = new SecureRandom();

    String reset(User user) {
        // ruleid: java.crypto.insecure-random-secret
        String resetToken = Long.toHexString(random.nextLong());
        user.save(resetToken);
        return resetToken;
    }

    int code() {
        // ruleid: java.crypto.insecure-random-secret
        int otp = 100000 + (int) (Math.random() * 900000);
        return otp;
    }

    void apply(User user) {
        // ruleid: java.crypto.insecure-random-secret
        user.setPassword(RandomStringUtils.randomAlphanumeric(12));
    }

    String generateSessionId(String alphabet) {
        StringBuilder out = new StringBuilder();
        Random rnd = new Random();
        for (int i = 0; i < 32; i++) {
            // ruleid: java.crypto.insecure-random-secret
            out.append(alphabet.charAt(rnd.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    String secureReset() {
        // ok: java.crypto.insecure-random-secret
        String resetToken = Long.toHexString(secure.nextLong());
        return resetToken;
    }

    int jitter() {
        // ok: java.crypto.insecure-random-secret
        int delayMillis = ThreadLocalRandom.current().nextInt(50, 250);
        return delayMillis;
    }

    double noise() {
        // ok: java.crypto.insecure-random-secret
        double sample = random.nextGaussian();
        return sample;
    }

    String generatePassword(int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            // ok: java.crypto.insecure-random-secret
            out.append((char) ('a' + secure.nextInt(26)));
        }
        return out.toString();
    }

    String throughField() {
        // todoruleid: java.crypto.insecure-random-secret
        return Integer.toString(random.nextInt());
    }
}
