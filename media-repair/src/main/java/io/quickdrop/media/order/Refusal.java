package io.quickdrop.media.order;

/** The order can't be carried out: the file is not what it should be. The message is a sentence for people. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    /** Says what was found, and what would have been taken. */
    public Refusal(String words) {
        super(words);
    }
}
