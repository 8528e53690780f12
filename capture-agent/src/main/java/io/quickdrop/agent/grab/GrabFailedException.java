package io.quickdrop.agent.grab;

/** A screen could not be read. Its message is a sentence for people. */
public final class GrabFailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param sentence what was tried, and what a person can do */
    public GrabFailedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** @param sentence what was tried, and what a person can do */
    public GrabFailedException(String sentence) {
        super(sentence);
    }
}
