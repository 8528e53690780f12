package io.quickdrop.server.http;

/** Where the events of one answer come from. */
@FunctionalInterface
public interface EventSource {
    /**
     * Begins.
     *
     * @param sink takes events, from any thread
     * @return runs once, when the stream is over, whichever end ended it; must not block
     */
    Runnable begin(Sink sink);

    /** Takes events. Safe on any thread; returns at once. */
    interface Sink {
        /**
         * Sends an event. One that could not be sent yet is replaced by a newer one: a slow reader gets the newest.
         *
         * @param name without line breaks
         * @param data without line breaks
         */
        void event(String name, String data);

        /** Ends the stream behind what was sent. */
        void end();
    }
}
