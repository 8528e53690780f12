/** An upload endpoint on Java-WebSocket's own server, and a client for it. */
@NullMarked
package io.quickdrop.examples.javawebsocket;

import org.jspecify.annotations.NullMarked;
