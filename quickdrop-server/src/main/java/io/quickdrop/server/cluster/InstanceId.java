package io.quickdrop.server.cluster;

import io.quickdrop.server.privatefile.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Which instance this is among those of its store: random, made at the first start and kept in {@code
 * <dataDir>/instance-id}.
 */
public record InstanceId(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9-]{8,64}");

    /** @throws IllegalArgumentException if it is no id */
    public InstanceId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("found '" + value + "'; allowed are 8 to 64 of A-Z a-z 0-9 -");
        }
    }

    /**
     * The kept id, or a new one.
     *
     * @throws IOException with one sentence for the person if the file can't be read, written or understood
     */
    public static InstanceId open(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve("instance-id");
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            PrivateFile.createDirectory(dataDirectory);
            PrivateFile.write(file, (UUID.randomUUID() + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        String kept = new String(PrivateFile.read(file), StandardCharsets.US_ASCII).strip();
        try {
            return new InstanceId(kept);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no instance's id: delete it, and the next start makes a new one", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
