package io.quickdrop.server.http;

import java.util.Map;

/**
 * One request whose body is still coming, and its answer. Safe on any thread; nothing here blocks, and nothing happens once the
 * other end is gone or was answered.
 */
public interface Exchange {
    /** Asks for more of the body. Nothing is read from the socket before; one call brings at least one part, or the end. */
    void read();

    /** Sends {@code 104 (Upload Resumption Supported)}. */
    void interim(Map<String, String> headers);

    /** Answers. What still comes of the body is dropped, and then the connection closes. */
    void answer(Response response);

    /** Ends the connection without an answer. */
    void cut();
}
