package io.quickdrop.server.http;

import java.nio.ByteBuffer;

/** Takes requests whose body is handed on as it comes and never collected, however long it is. */
public interface BodyDesk {
    /** Whether requests for this path are taken here, whatever their method. Called on an event loop; returns at once. */
    boolean takes(String path);

    /**
     * A request came, whose Host, rate and Origin are in order; who may ask is the desk's to judge. Called on a worker.
     *
     * @param request without a body
     * @return takes the body
     */
    Body begin(Request request, Exchange exchange) throws HttpProblem;

    /** Takes a request's body; told on the channel's event loop, in order. Nothing here blocks. */
    interface Body {
        /** Nobody wants it: the answer is on its way. */
        Body UNWANTED = new Body() {
            @Override
            public void part(ByteBuffer bytes) {
                // the answer is on its way
            }

            @Override
            public void end() {
                // the answer is on its way
            }

            @Override
            public void gone() {
                // nothing was begun
            }
        };

        /** A part came, at least one byte; the buffer is the body's to keep. */
        void part(ByteBuffer bytes);

        /** That was the whole body. */
        void end();

        /** The other end is gone before it was answered. */
        void gone();
    }
}
