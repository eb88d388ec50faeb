package com.example.remember;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.spec.SecretKeySpec;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

public class Remember {
    private static final Random RANDOM = new Random();
    private static final SecureRandom SECURE = new SecureRandom();

    void cookie(HttpServletResponse response) {
        String key = Double.toString(Math.random()).substring(2);
        // ruleid: java.crypto.weak-random-in-secret
        Cookie cookie = new Cookie("rememberMe", key);
        cookie.setSecure(true);
        response.addCookie(cookie);
    }

    void session(HttpServletRequest request) {
        long id = RANDOM.nextLong();
        // ruleid: java.crypto.weak-random-in-secret
        request.getSession().setAttribute("csrfToken", Long.toHexString(id));
        // ok: java.crypto.weak-random-in-secret
        request.getSession().setAttribute("bannerPosition", RANDOM.nextInt(3));
    }

    SecretKeySpec key() {
        byte[] bytes = new byte[16];
        new Random().nextBytes(bytes);
        // ruleid: java.crypto.weak-random-in-secret
        return new SecretKeySpec(bytes, "AES");
    }

    void reset(Account account) {
        // ruleid: java.crypto.weak-random-in-secret
        account.setResetToken(code(8));
    }

    private String code(int length) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < length; i++) {
            code.append(ThreadLocalRandom.current().nextInt(10));
        }
        return code.toString();
    }

    void secure(HttpServletResponse response, Account account) {
        // ok: java.crypto.weak-random-in-secret
        response.addCookie(new Cookie("rememberMe", Long.toHexString(SECURE.nextLong())));
        byte[] bytes = new byte[32];
        SECURE.nextBytes(bytes);
        // ok: java.crypto.weak-random-in-secret
        account.setResetToken(new String(bytes));
        Random random = new SecureRandom();
        // ok: java.crypto.weak-random-in-secret
        account.setResetToken(Long.toHexString(random.nextLong()));
    }

    void handedOver(Account account) throws NoSuchAlgorithmException {
        Random strong = SecureRandom.getInstanceStrong();
        // ok: java.crypto.weak-random-in-secret
        account.setResetToken(drawn(strong));
        byte[] bytes = new byte[32];
        fill(strong, bytes);
        // ok: java.crypto.weak-random-in-secret
        account.setResetToken(new String(bytes));
    }

    private String drawn(Random random) {
        return Long.toHexString(random.nextLong());
    }

    private void fill(Random random, byte[] bytes) {
        random.nextBytes(bytes);
    }

    void handedOverWeak(Account account) {
        // ruleid: java.crypto.weak-random-in-secret
        account.setResetToken(drawn(new Random()));
        byte[] bytes = new byte[32];
        fill(RANDOM, bytes);
        // ruleid: java.crypto.weak-random-in-secret
        account.setResetToken(new String(bytes));
    }

    void spelledOut(Account account) {
        // ruleid: java.crypto.weak-random-in-secret
        account.setResetToken(Double.toString(java.lang.Math.random()));
    }

    void backoff() throws InterruptedException {
        // ok: java.crypto.weak-random-in-secret
        Thread.sleep(100 + RANDOM.nextInt(50));
    }
}

class Account {
    private String resetToken;

    void setResetToken(String resetToken) {
        this.resetToken = resetToken;
    }
}
