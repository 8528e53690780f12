package io.quickdrop.server.catalogue;

/**
 * A hint that something in the store has changed: whoever cares reads it again. A hint can come for a change that was
 * rolled back or was seen already, and one that is lost costs the time to the next regular look.
 *
 * @param topic what kind of thing, as {@code command} or {@code desktop}
 * @param id which one
 */
public record Signal(String topic, String id) {
    /** Signals were lost, while the way to the store was cut or because they came too fast: everything is read again. */
    public static final Signal RESYNC = new Signal("", "");

    /** Whether everything is to be read again, whatever the topic. */
    public boolean isResync() {
        return equals(RESYNC);
    }
}
