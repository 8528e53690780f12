package io.quickdrop.agent.identity;

/** The agent's private folder can't be used. Its message is a sentence for people. */
public final class IdentityException extends Exception {
    private static final long serialVersionUID = 1;

    IdentityException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    IdentityException(String sentence) {
        super(sentence);
    }
}
