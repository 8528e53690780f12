package io.quickdrop.demo;

/** The demo can't go on. Its message is for people and says what is missing. */
final class Trouble extends Exception {
    private static final long serialVersionUID = 1;

    Trouble(String sentence) {
        super(sentence);
    }

    Trouble(String sentence, Throwable cause) {
        super(sentence + " (" + cause.getMessage() + ")", cause);
    }
}
