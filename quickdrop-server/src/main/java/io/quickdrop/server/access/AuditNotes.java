package io.quickdrop.server.access;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the rest of the server notes what somebody did. Safe on any thread; blocks until the line is on the disk. */
@FunctionalInterface
public interface AuditNotes {
    /** Notes one thing; the parameters are those of {@link AuditLog#record}. */
    void note(String who, String what, String object, String result);

    /** Notes in {@code log}. When it can't be written, the line goes to the program's own log. */
    static AuditNotes in(AuditLog log) {
        Logger own = LoggerFactory.getLogger(AuditNotes.class);
        return (who, what, object, result) -> {
            try {
                log.record(who, what, object, result);
            } catch (IOException e) {
                own.error(
                        "the audit log can't be written ({}): {} {} {} {}", e.getMessage(), who, what, object, result);
            }
        };
    }
}
