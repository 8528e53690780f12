package io.quickdrop.system.harness;

import io.quickdrop.relay.driver.client.UploadClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Bytes that look random and follow from a seed: any part can be had at any time, so that no test needs them in memory.
 *
 * @param seed two recordings with different ones differ in nearly every byte
 * @param length bytes
 */
public record SeededBytes(long seed, long length) implements UploadClient.Source {
    private static final int PIECE_BYTES = 1 << 16;

    @Override
    public ByteBuffer read(long offset, int count) {
        if (offset < 0 || offset + count > length) {
            throw new IllegalArgumentException(
                    "asked for " + count + " bytes at " + offset + "; there are " + length + " bytes");
        }
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; ) {
            long at = offset + i;
            long word = word(at >>> 3);
            for (int b = (int) (at & 7); b < 8 && i < count; b++) {
                bytes[i++] = (byte) (word >>> (b << 3));
            }
        }
        return ByteBuffer.wrap(bytes);
    }

    /** As a file's: whatever the server turns out to have otherwise can be sent again. */
    @Override
    public boolean isRereadable() {
        return true;
    }

    /** SplitMix64 (Steele, Lea, Flood 2014), which can be asked for its n-th number. */
    private long word(long index) {
        long z = seed + (index + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** The whole; for short ones. */
    public byte[] all() {
        return read(0, Math.toIntExact(length)).array();
    }

    /** 64 lower-case hex digits. */
    public String sha256() {
        MessageDigest digest = sha256Digest();
        for (long at = 0; at < length; at += PIECE_BYTES) {
            digest.update(read(at, (int) Math.min(PIECE_BYTES, length - at)));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The hash of a file, 64 lower-case hex digits. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256Digest();
        byte[] piece = new byte[PIECE_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                digest.update(piece, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
