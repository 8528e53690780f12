package io.quickdrop.relay.driver;

/** The store could not do what was asked; what was durable before is durable still. */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Kind {
        /** No room, or too little to keep the reserve. */
        FULL,
        /** The device or the catalogue failed. */
        FAILED
    }

    private final Kind kind;

    /** @param message what was found and where, for people */
    public StorageException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** @param message what was found and where, for people */
    public StorageException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Whether waiting for room may help. */
    public Kind kind() {
        return kind;
    }
}
