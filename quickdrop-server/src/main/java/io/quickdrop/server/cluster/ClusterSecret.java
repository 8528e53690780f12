package io.quickdrop.server.cluster;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.InstanceTable;
import io.quickdrop.server.privatefile.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What the instances of one store have in common and nobody else knows. It never leaves them: what is shown to others is
 * derived from it, for one purpose each, so that nothing shown for one opens another. Immutable and safe on any thread.
 */
public final class ClusterSecret {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9+/_=.-]{32,512}");
    private static final int BYTES = 32;

    private final byte[] key;

    private ClusterSecret(String text) {
        this.key = text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Of a file that the operator made, or of the store, where the first instance puts a new one.
     *
     * @param file at least 32 characters of A-Z a-z 0-9 + / _ = . -; null for the store's
     * @throws IOException with one sentence if the file can't be read or understood
     */
    public static ClusterSecret open(@Nullable Path file, InstanceTable store, SecureRandom random)
            throws IOException, StorageException {
        if (file != null) {
            String kept = new String(PrivateFile.read(file), StandardCharsets.US_ASCII).strip();
            if (!FORM.matcher(kept).matches()) {
                throw new IOException(
                        file
                                + " holds no secret of a cluster: allowed are 32 to 512 of A-Z a-z 0-9 + / _ = . - in one line");
            }
            return new ClusterSecret(kept);
        }
        byte[] fresh = new byte[BYTES];
        random.nextBytes(fresh);
        return new ClusterSecret(
                store.secret(Base64.getUrlEncoder().withoutPadding().encodeToString(fresh)));
    }

    /** The same secret as a text; for tests. */
    static ClusterSecret of(String text) {
        return new ClusterSecret(text);
    }

    /**
     * What only the instances can compute, and what tells nothing about the secret.
     *
     * @param purpose what it is for
     * @param about for whom and how long, and the like
     * @return 256 bits as base64url without padding, 43 characters
     */
    String derive(String purpose, String about) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(about.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has HmacSHA256", e);
        }
    }

    /** What opens every instance's dashboard. */
    public String operatorToken() {
        return derive("operator", "");
    }

    @Override
    public String toString() {
        return "ClusterSecret";
    }
}
