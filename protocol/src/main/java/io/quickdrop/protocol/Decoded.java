package io.quickdrop.protocol;

/** What became of a frame: a message, or the error that its sender is told. Decoding never throws on what a peer sent. */
public sealed interface Decoded<T> {
    /** A well-formed frame. */
    record Accepted<T>(T value) implements Decoded<T> {}

    /**
     * A frame that breaks the contract.
     *
     * @param reason one of {@link ErrorReason}
     * @param detail what was found and what is allowed
     */
    record Rejected<T>(String reason, String detail) implements Decoded<T> {
        /** The answer to its sender. */
        public LinkMessage.Problem asProblem() {
            return LinkMessage.Problem.of(reason, detail);
        }
    }
}
