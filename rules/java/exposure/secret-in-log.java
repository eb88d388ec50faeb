package com.example.auth;

import javax.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.crypto.password.PasswordEncoder;

public class Authenticator {
    private static final Logger log = LoggerFactory.getLogger(Authenticator.class);
    private PasswordEncoder encoder;

    void login(HttpServletRequest request) {
        String password = request.getParameter("password");
        // ruleid: java.exposure.secret-in-log
        log.debug("login of {} with {}", request.getParameter("user"), password);
        // ruleid: java.exposure.secret-in-log
        log.info("Authorization: " + request.getHeader("Authorization"));
    }

    void connect(Settings settings) {
        trace("connecting with " + settings.getPassword());
    }

    private void trace(String text) {
        // ruleid: java.exposure.secret-in-log
        log.trace(text);
    }

    void issue(String accessToken) {
        // ruleid: java.exposure.secret-in-log
        log.warn("token {}", accessToken);
    }

    void quiet(HttpServletRequest request) {
        String password = request.getParameter("password");
        // ok: java.exposure.secret-in-log
        log.info("login of {}", request.getParameter("user"));
        // ok: java.exposure.secret-in-log
        log.info("password of {} characters", password.length());
        // ok: java.exposure.secret-in-log
        log.info("token {}", mask(request.getHeader("Authorization")));
        // ok: java.exposure.secret-in-log
        log.info("matches: {}", encoder.matches(password, "stored"));
        boolean given = password != null;
        // ok: java.exposure.secret-in-log
        log.info("password given: {}", given);
    }

    private String mask(String text) {
        return text == null ? "" : "***";
    }
}

class Settings {
    private String password;

    String getPassword() {
        return password;
    }
}
