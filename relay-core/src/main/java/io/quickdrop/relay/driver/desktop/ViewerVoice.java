package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.ViewerMessage;

/** How a viewer is spoken to, whatever generation it speaks. Safe on any thread; returns at once. */
interface ViewerVoice {
    /** Tells it. */
    void tell(ViewerMessage message);

    /** Sends it pictures. */
    void show(Frame frame);

    /** Tells it what was wrong. */
    void refuse(LinkMessage.Problem problem);

    /** Whether it is another instance, which looks for viewers of its own. */
    default boolean isInstance() {
        return false;
    }

    /** Bytes that wait for its socket. */
    long pendingBytes();
}
