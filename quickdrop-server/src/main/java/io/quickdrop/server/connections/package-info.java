/** Who may open a WebSocket, as what, and in which generation of the protocol. */
@NullMarked
package io.quickdrop.server.connections;

import org.jspecify.annotations.NullMarked;
