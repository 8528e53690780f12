package io.quickdrop.server.api;

import io.quickdrop.server.access.AuditNotes;
import io.quickdrop.server.http.Request;

/** Notes what somebody did through the API. */
public final class Audit {
    private final AuditNotes notes;

    /** @param notes where to */
    public Audit(AuditNotes notes) {
        this.notes = notes;
    }

    void note(Request request, String what, String object, String result) {
        notes.note(who(request), what, object, result);
    }

    /** Who asks, and from where. */
    static String who(Request request) {
        return request.principal().inAuditLog() + "@" + request.remote().getHostAddress();
    }
}
