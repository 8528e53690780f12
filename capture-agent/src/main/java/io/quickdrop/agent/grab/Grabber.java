package io.quickdrop.agent.grab;

/** Reads one monitor. Used by one thread at a time. */
public interface Grabber extends AutoCloseable {
    /**
     * Reads the screen as it is now.
     *
     * @return good until the next call or {@link #close}; the caller may draw on it
     * @throws GrabFailedException if the monitor can't be read any more, or not with its size of before; a new grabber may work
     */
    Pixels grab() throws GrabFailedException;

    /** How it reads, for people: {@code x11grab}, {@code gdigrab}, {@code avfoundation} or {@code robot}. */
    String name();

    /** Whether the pointer is in the pictures by itself. */
    boolean showsPointer();

    @Override
    void close();
}
