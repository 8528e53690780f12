package io.quickdrop.server.send;

/** A file could not be sent. The message is one sentence or two for the person at the terminal. */
final class SendFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String sentence;

    SendFailure(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    /** The same as the message. */
    String sentence() {
        return sentence;
    }
}
