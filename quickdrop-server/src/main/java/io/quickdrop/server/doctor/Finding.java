package io.quickdrop.server.doctor;

import java.util.List;

/**
 * One thing that is, or may be, in the way of phones.
 *
 * @param code for programs: {@code through}, {@code address}, {@code self}, {@code certificate}, {@code host}, {@code code},
 *     {@code websocket}, {@code firewall}, {@code isolation}, {@code interfaces}, {@code vpn}
 * @param title for people, one sentence
 * @param todo steps
 */
public record Finding(String code, Severity severity, String title, String detail, List<String> todo) {
    /** How sure it is. */
    public enum Severity {
        /** Nothing is wrong here. */
        OK,
        /** It may help to know. */
        HINT,
        /** It is the likeliest explanation. */
        LIKELY,
        /** It is so. */
        CERTAIN
    }

    public Finding {
        todo = List.copyOf(todo);
    }
}
