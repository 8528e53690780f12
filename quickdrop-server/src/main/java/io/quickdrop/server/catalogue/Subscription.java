package io.quickdrop.server.catalogue;

/** Somebody's wish to be told; ends when it is closed. Closing it again does nothing. */
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
