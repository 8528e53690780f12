package io.quickdrop.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Random texts that open something, and how they are compared. */
public final class Token {
    /** 256 bits: what keys and tokens hold. */
    static final int KEY_BYTES = 32;

    /** 128 bits: enough for what lives for minutes, and the QR code stays coarse. */
    static final int SECRET_BYTES = 16;

    private Token() {}

    /** A fresh one as base64url without padding, so that it can stand in a URL's fragment and in a subprotocol's name. */
    static String fresh(SecureRandom random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }

    static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Compares hashes, so that neither length nor common beginning of the texts shows in the time taken. */
    public static boolean same(String a, String b) {
        return MessageDigest.isEqual(sha256(a), sha256(b));
    }
}
