package io.quickdrop.server.http;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Hears what happens at the door, so that somebody can say why no phone gets through. Called on event loops; returns at once. */
public interface DoorWatch {
    /** Hears and forgets. */
    DoorWatch NOBODY = new DoorWatch() {
        @Override
        public void connected(InetAddress remote) {
            // nobody asks
        }

        @Override
        public void handshakeFailed(InetAddress remote, String why) {
            // nobody asks
        }

        @Override
        public void handshakeDone(InetAddress remote) {
            // nobody asks
        }

        @Override
        public void hostRefused(InetAddress remote, @Nullable String host) {
            // nobody asks
        }

        @Override
        public void answered(InetAddress remote, String path) {
            // nobody asks
        }

        @Override
        public void upgraded(InetAddress remote, boolean letIn) {
            // nobody asks
        }
    };

    /** A TCP connection came. */
    void connected(InetAddress remote);

    /** Its TLS handshake failed; {@code why} holds the alert's name where the other end sent one. */
    void handshakeFailed(InetAddress remote, String why);

    /** Its TLS handshake is done: the other end trusts the certificate, or was told to go on. */
    void handshakeDone(InetAddress remote);

    /** A request named a host that is none of ours. */
    void hostRefused(InetAddress remote, @Nullable String host);

    /** A request was answered, well or not. */
    void answered(InetAddress remote, String path);

    /** A WebSocket was asked for. */
    void upgraded(InetAddress remote, boolean letIn);
}
