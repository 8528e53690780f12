package io.quickdrop.relay.upload;

import io.quickdrop.protocol.ErrorReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why a session stalls, and when its store is asked again. */
final class Trouble {
    private String reason = ErrorReason.STORAGE_FAILED;
    private @Nullable String detail;
    private Instant retryAt = Instant.MAX;

    /** As in {@code error.reason}. */
    String reason() {
        return reason;
    }

    @Nullable
    String detail() {
        return detail;
    }

    /** When to ask the store again; {@link Instant#MAX} while it is being asked. */
    Instant retryAt() {
        return retryAt;
    }

    /** Whether the store is well, and only has to drop what was sent behind bytes that differ. */
    boolean isConflict() {
        return reason.equals(ErrorReason.CONTENT_CONFLICT);
    }

    void is(String newReason, @Nullable String newDetail, Instant retry) {
        reason = newReason;
        detail = newDetail;
        retryAt = retry;
    }

    /** The store is asked now. */
    void retrying() {
        retryAt = Instant.MAX;
    }

    /** Somebody has reason not to wait. Asking twice at once would mend twice. */
    void retryBy(Instant now) {
        if (retryAt.isBefore(Instant.MAX)) {
            retryAt = now;
        }
    }
}
