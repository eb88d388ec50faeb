package shop.payments;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.springframework.stereotype.Component;

/** Codes that customers and banks are given. */
@Component
class Codes {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom secure = new SecureRandom();
    private final Random dice = new Random();

    String session() {
        byte[] bytes = new byte[32];
        secure.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String refund() {
        String refundToken = Long.toHexString(dice.nextLong());
        return "R-" + refundToken;
    }

    /** How long to wait before asking the bank again; spreads the load, keeps no secret. */
    long waitMillis(int attempt) {
        return 100L * attempt + dice.nextInt(50);
    }

    /** The check sum that the bank's form wants beside an invoice. */
    String proof(Invoice invoice) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        byte[] text = (invoice.id() + ":" + invoice.totalCents()).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(digest.digest(text));
    }

    byte[] sealOld(SecretKey key, byte[] account) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return cipher.doFinal(account);
    }

    byte[] seal(SecretKey key, byte[] account) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        secure.nextBytes(nonce);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
        byte[] sealed = cipher.doFinal(account);
        byte[] whole = new byte[NONCE_BYTES + sealed.length];
        System.arraycopy(nonce, 0, whole, 0, NONCE_BYTES);
        System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
        return whole;
    }
}
