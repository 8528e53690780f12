package io.quickdrop.websocket;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The key by which a server is known again: SHA-256 of the X.509 encoding of a public key in its chain of certificates.
 *
 * <p>Taken is the last one that the server shows. That is its own authority's, which stays when the server gets a new address
 * and so a new certificate; a server that shows only its own certificate is known by that one.
 *
 * @param sha256 64 lower-case hex digits
 */
public record ServerPin(String sha256) {
    private static final String PREFIX = "sha256:";

    public ServerPin {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("found '" + sha256 + "'; allowed are 64 hex digits");
        }
    }

    /**
     * Reads what {@link #toString} writes, also in capitals.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public static ServerPin parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (!lower.matches(PREFIX + "[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "found '" + text + "'; allowed is sha256: and 64 hex digits, as the server's dashboard shows it");
        }
        return new ServerPin(lower.substring(PREFIX.length()));
    }

    /** The pin of a chain of certificates, the server's own first. */
    static ServerPin of(X509Certificate[] chain) {
        return of(chain[chain.length - 1].getPublicKey());
    }

    private static ServerPin of(PublicKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return new ServerPin(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }

    /** Whether the pinned key vouches for the first certificate: it is its own, or signed a chain down to it. */
    boolean vouchesFor(X509Certificate[] chain) {
        for (int i = 0; i < chain.length; i++) {
            if (of(chain[i].getPublicKey()).equals(this)) {
                return true;
            }
            boolean more = i + 1 < chain.length;
            if (!more || chain[i + 1].getBasicConstraints() < 0 || !signed(chain[i], chain[i + 1])) {
                return false;
            }
        }
        return false;
    }

    private static boolean signed(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return PREFIX + sha256;
    }
}
