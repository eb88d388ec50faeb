package com.example.webhook;

import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;

public class WebhookVerifier {
    boolean direct(Mac mac, byte[] body, byte[] received) {
        // ruleid: java.crypto.timing-unsafe-mac-comparison
        return Arrays.equals(mac.doFinal(body), received);
    }

    boolean viaVariable(Mac mac, byte[] body, byte[] received) {
        byte[] expected = mac.doFinal(body);
        // ruleid: java.crypto.timing-unsafe-mac-comparison
        return Arrays.equals(expected, received);
    }

    boolean text(String expectedSignature, String signatureHeader) {
        // ruleid: java.crypto.timing-unsafe-mac-comparison
        return expectedSignature.equals(signatureHeader);
    }

    boolean constantTime(Mac mac, byte[] body, byte[] received) {
        byte[] expected = mac.doFinal(body);
        // ok: java.crypto.timing-unsafe-mac-comparison
        return MessageDigest.isEqual(expected, received);
    }

    boolean unrelated(byte[] left, byte[] right) {
        // ok: java.crypto.timing-unsafe-mac-comparison
        return Arrays.equals(left, right);
    }

    boolean names(String expectedName, String name) {
        // ok: java.crypto.timing-unsafe-mac-comparison
        return expectedName.equals(name);
    }
}
