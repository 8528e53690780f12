package io.quickdrop.server.api;

import io.quickdrop.server.access.AuditLog;
import io.quickdrop.server.http.Request;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes what somebody did through the API. A log that can't be written is told in the program's own log. */
public final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final AuditLog log;

    /** @param log stays the caller's to close */
    public Audit(AuditLog log) {
        this.log = log;
    }

    void note(Request request, String what, String object, String result) {
        String who = request.principal().inAuditLog() + "@" + request.remote().getHostAddress();
        try {
            log.record(who, what, object, result);
        } catch (IOException e) {
            LOG.error("the audit log can't be written ({}): {} {} {} {}", e.getMessage(), who, what, object, result);
        }
    }
}
