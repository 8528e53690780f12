package io.quickdrop.agent.screens;

/** No screen can be read here. Its message is a sentence that says what to do. */
public final class ScreensUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param sentence what was found, and what a person can do */
    public ScreensUnavailableException(String sentence) {
        super(sentence);
    }
}
