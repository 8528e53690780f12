package io.quickdrop.server.ws;

import io.netty.buffer.ByteBuf;
import io.quickdrop.protocol.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts the parts of one text message together. Only desktops of v1 send long ones, pictures in base64; all that are
 * arriving at one time, on every connection of the process, are bounded. Confined to one event loop.
 */
final class TextParts {
    /** Four of the longest, or a hundred of the usual ones. */
    static final long MAX_ARRIVING_BYTES = 32L << 20;

    private static final AtomicLong ARRIVING_BYTES = new AtomicLong();
    private static final int LEAST_BYTES = 1024;

    /** What became of a part. */
    enum Verdict {
        /** It was taken. */
        TAKEN,
        /** The message is longer than it may be. */
        TOO_LONG,
        /** Too many long messages are arriving; later there may be room. */
        CROWDED
    }

    private byte[] bytes = new byte[0];
    private int length;
    /** How much of this message is counted among the long ones. */
    private int counted;

    /** @param maxBytes longest message that is allowed now */
    Verdict add(ByteBuf part, int maxBytes) {
        int more = part.readableBytes();
        if (more > maxBytes - length) {
            clear();
            return Verdict.TOO_LONG;
        }
        if (length + more > bytes.length && !grow(length + more, maxBytes)) {
            clear();
            return Verdict.CROWDED;
        }
        part.getBytes(part.readerIndex(), bytes, length, more);
        length += more;
        return Verdict.TAKEN;
    }

    private boolean grow(int needed, int maxBytes) {
        int roomy = Math.max(needed, Math.min(maxBytes, Math.max(2 * bytes.length, LEAST_BYTES)));
        if (roomy > Limits.MAX_TEXT_BYTES) {
            int more = roomy - counted;
            if (ARRIVING_BYTES.addAndGet(more) > MAX_ARRIVING_BYTES) {
                ARRIVING_BYTES.addAndGet(-more);
                return false;
            }
            counted = roomy;
        }
        bytes = Arrays.copyOf(bytes, roomy);
        return true;
    }

    /** The whole message; the next one begins. */
    String take() {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        clear();
        return text;
    }

    /** Forgets what came. */
    void clear() {
        ARRIVING_BYTES.addAndGet(-counted);
        counted = 0;
        length = 0;
        bytes = new byte[0];
    }

    /** Bytes of long messages that are arriving in this process. */
    static long arrivingBytes() {
        return ARRIVING_BYTES.get();
    }
}
