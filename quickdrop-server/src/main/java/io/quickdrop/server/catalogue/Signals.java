package io.quickdrop.server.catalogue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;

/** Wakes everybody on the store, on whichever instance, when something was committed. Called from any thread. */
public interface Signals {
    /** Letters and hyphens; PostgreSQL's payload of 8,000 bytes is not for content, so ids alone travel. */
    int MAX_ID_CHARS = 256;

    /**
     * Tells all listeners when this transaction is committed, and nobody if it is rolled back.
     *
     * @param connection that of a {@link Catalogue#write}
     * @param topic 1 to 32 lower-case letters or hyphens
     * @param id at most {@link #MAX_ID_CHARS} characters
     * @throws IllegalArgumentException if the topic or the id is none
     */
    void signal(Connection connection, String topic, String id) throws SQLException;

    /**
     * Has the listener told of every signal, this instance's own included, and of {@link Signal#RESYNC}.
     *
     * @param listener called by one thread, one signal after the other; must not block for long. What it throws is
     *     logged and stops nobody else
     */
    Subscription listen(Consumer<Signal> listener);

    /** Checks what is to be signalled. */
    static void check(String topic, String id) {
        boolean named = !topic.isEmpty()
                && topic.length() <= 32
                && topic.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '-');
        if (!named) {
            throw new IllegalArgumentException(
                    "topic \"" + topic + "\": allowed are 1 to 32 lower-case letters or hyphens");
        }
        if (id.length() > MAX_ID_CHARS) {
            throw new IllegalArgumentException("id of " + id.length() + " characters: allowed are " + MAX_ID_CHARS);
        }
    }
}
