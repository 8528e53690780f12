package io.quickdrop.server.uploads;

import io.netty.handler.codec.http.HttpHeaders;
import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.Limits;
import io.quickdrop.server.http.HttpProblem;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What one request's body must be: its SHA-256, or its CRC-32C where that is all that a sender can afford ({@code Content-Digest},
 * RFC 9530). Such a body is held until it was looked at, so it is no longer than a WebSocket's chunk may be.
 *
 * @param algorithm {@code sha-256} or {@code crc32c}
 * @param digest its bytes, big-endian
 */
record ContentDigest(String algorithm, ByteBuffer digest) {
    static final int MAX_BYTES = Limits.MAX_BINARY_BYTES;

    /** The digest of a request, if it has one that is known; the stronger of two. */
    static Optional<ContentDigest> of(HttpHeaders headers) throws HttpProblem {
        Optional<byte[]> sha256 = StructuredField.digest(headers, "Content-Digest", "sha-256", 32);
        if (sha256.isPresent()) {
            return sha256.map(bytes -> new ContentDigest("sha-256", ByteBuffer.wrap(bytes)));
        }
        return StructuredField.digest(headers, "Content-Digest", "crc32c", 4)
                .map(bytes -> new ContentDigest("crc32c", ByteBuffer.wrap(bytes)));
    }

    /** Whether {@code body} is what was meant. */
    boolean fits(ByteBuffer body) {
        byte[] found = algorithm.equals("crc32c")
                ? ByteBuffer.allocate(4).putInt(Chunk.checksum(body)).array()
                : sha256(body);
        byte[] stated = new byte[digest.remaining()];
        digest.duplicate().get(stated);
        return Arrays.equals(found, stated);
    }

    private static byte[] sha256(ByteBuffer body) {
        MessageDigest sha256 = newSha256();
        sha256.update(body.duplicate());
        return sha256.digest();
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
