package io.quickdrop.relay.driver.agent;

import java.nio.ByteBuffer;

/** Where a screenshot goes. The first call counts; safe on any thread; what was given up meanwhile is dropped. */
public interface ScreenshotReply {
    /** Most bytes of a screenshot's file: more than any 8K screen of text; the server keeps no larger ones. */
    int MAX_BYTES = 32 << 20;

    /**
     * It was taken.
     *
     * @param width pixels
     * @param height pixels
     * @param png the file, ready to read; not changed afterwards. Of more than {@link #MAX_BYTES} the asker is told so instead
     */
    void taken(int width, int height, ByteBuffer png);

    /** It could not be taken; {@code error} is for people. */
    void failed(String error);
}
