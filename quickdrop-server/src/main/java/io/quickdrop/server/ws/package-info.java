/** WebSocket connections on Netty: frames in parts, flow control, and the bridge to the relay. */
@NullMarked
package io.quickdrop.server.ws;

import org.jspecify.annotations.NullMarked;
