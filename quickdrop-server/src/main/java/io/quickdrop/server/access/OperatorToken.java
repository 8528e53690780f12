package io.quickdrop.server.access;

import io.quickdrop.server.privatefile.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * What lets the operator use dashboard and API from another machine. Made at the first start, kept in {@code
 * <dataDir>/operator-token} for its owner alone. Immutable and safe on any thread.
 */
public final class OperatorToken {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43,}");

    private final String value;

    private OperatorToken(String value) {
        this.value = value;
    }

    /**
     * The kept token, or a new one.
     *
     * @throws IOException with one sentence for the person if the file can't be read, written or understood
     */
    public static OperatorToken open(Path dataDirectory, SecureRandom random) throws IOException {
        Path file = dataDirectory.resolve("operator-token");
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            PrivateFile.createDirectory(dataDirectory);
            String fresh = Token.fresh(random, Token.KEY_BYTES) + "\n";
            PrivateFile.write(file, fresh.getBytes(StandardCharsets.US_ASCII));
        }
        String kept = new String(PrivateFile.read(file), StandardCharsets.US_ASCII).strip();
        if (!FORM.matcher(kept).matches()) {
            throw new IOException(file + " holds no operator token (at least 43 characters of A-Z a-z 0-9 _ -): "
                    + "delete it, and the next start makes a new one");
        }
        return new OperatorToken(kept);
    }

    /**
     * A token that was derived from what several instances have in common.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static OperatorToken of(String derived) {
        if (!FORM.matcher(derived).matches()) {
            throw new IllegalArgumentException("an operator token has at least 43 characters of A-Z a-z 0-9 _ -");
        }
        return new OperatorToken(derived);
    }

    /** The token itself, to be printed for the operator and nowhere else. */
    public String value() {
        return value;
    }

    /** Whether {@code candidate} is the token; takes the same time for every wrong one. */
    public boolean matches(String candidate) {
        return Token.same(candidate, value);
    }

    @Override
    public String toString() {
        return "OperatorToken";
    }
}
