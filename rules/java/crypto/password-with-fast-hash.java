package com.example.accounts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.servlet.http.HttpServletRequest;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

public class Accounts {
    byte[] register(HttpServletRequest request) throws NoSuchAlgorithmException {
        String password = request.getParameter("password");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        // ruleid: java.crypto.password-with-fast-hash
        return digest.digest(password.getBytes(StandardCharsets.UTF_8));
    }

    String store(Login login) {
        // ruleid: java.crypto.password-with-fast-hash
        return DigestUtils.sha512Hex(login.getPassword());
    }

    String change(String newPassword) throws NoSuchAlgorithmException {
        return hash(newPassword);
    }

    private String hash(String text) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-512");
        // ruleid: java.crypto.password-with-fast-hash
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return new String(digest.digest());
    }

    String slow(HttpServletRequest request) {
        String password = request.getParameter("password");
        // ok: java.crypto.password-with-fast-hash
        return new BCryptPasswordEncoder(12).encode(password);
    }

    String file(byte[] content) {
        // ok: java.crypto.password-with-fast-hash
        return DigestUtils.sha256Hex(content);
    }

    String name(HttpServletRequest request) {
        // ok: java.crypto.password-with-fast-hash
        return DigestUtils.sha256Hex(request.getParameter("name"));
    }
}

class Login {
    private String password;

    String getPassword() {
        return password;
    }
}
