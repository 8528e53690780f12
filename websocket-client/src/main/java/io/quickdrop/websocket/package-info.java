/**
 * Connections of our own programs to a server, over the Java-WebSocket client: what the command line and the desktop agent
 * share.
 */
@NullMarked
package io.quickdrop.websocket;

import org.jspecify.annotations.NullMarked;
