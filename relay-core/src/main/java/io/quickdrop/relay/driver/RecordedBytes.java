package io.quickdrop.relay.driver;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Bytes that grow at their end; at most what an array holds. */
final class RecordedBytes {
    private static final int FIRST_BYTES = 1024;

    private byte[] bytes = new byte[0];
    private int length;

    int length() {
        return length;
    }

    void append(ByteBuffer more) {
        int next = Math.addExact(length, more.remaining());
        if (next > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(FIRST_BYTES, next * 2L)));
        }
        more.duplicate().get(bytes, length, more.remaining());
        length = next;
    }

    boolean matches(long offset, ByteBuffer expected) {
        return ByteBuffer.wrap(bytes, Math.toIntExact(offset), expected.remaining())
                .equals(expected);
    }

    void replace(long offset, ByteBuffer others) {
        others.duplicate().get(bytes, Math.toIntExact(offset), others.remaining());
    }

    /** Of each block of a part, 64 lower-case hex digits. */
    List<String> hashes(long offset, long count, long blockBytes) {
        List<String> hashes = new ArrayList<>();
        for (long at = offset; at < offset + count; at += blockBytes) {
            hashes.add(sha256(Math.toIntExact(at), (int) Math.min(blockBytes, offset + count - at)));
        }
        return hashes;
    }

    void cut(long to) {
        length = Math.toIntExact(to);
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    /** 64 lower-case hex digits. */
    String sha256() {
        return sha256(0, length);
    }

    private String sha256(int offset, int count) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, offset, count);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
