package io.quickdrop.relay.driver;

import io.quickdrop.protocol.Limits;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of one binary message together. A message that comes in one part is not copied. Confined to one thread
 * at a time.
 */
public final class MessageParts {
    private static final int LEAST_BYTES = 4096;

    private @Nullable ByteBuffer begun;

    /** Whether a message of so many more bytes, together with what came of it, is longer than allowed. */
    public boolean wouldBeTooLong(ByteBuffer part) {
        return length(part) > Limits.MAX_BINARY_BYTES;
    }

    /** Takes a part; returns the whole message with its last one, before that null. */
    @Nullable
    public ByteBuffer add(ByteBuffer part, boolean last) {
        ByteBuffer before = begun;
        if (before == null && last) {
            return part;
        }
        ByteBuffer collected = before;
        if (collected == null || collected.remaining() < part.remaining()) {
            int roomy = Math.min(Limits.MAX_BINARY_BYTES, Math.max(2 * length(part), LEAST_BYTES));
            ByteBuffer larger = ByteBuffer.allocate(roomy);
            collected = before == null ? larger : larger.put(before.flip());
        }
        collected.put(part);
        begun = last ? null : collected;
        return last ? collected.flip() : null;
    }

    /** Forgets what came of a message. */
    public void clear() {
        begun = null;
    }

    private int length(ByteBuffer part) {
        ByteBuffer before = begun;
        return (before == null ? 0 : before.position()) + part.remaining();
    }
}
