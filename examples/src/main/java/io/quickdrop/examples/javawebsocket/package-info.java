/** A small relay on Java-WebSocket's own server, a client that uploads to it, and one that shares a desktop. */
@NullMarked
package io.quickdrop.examples.javawebsocket;

import org.jspecify.annotations.NullMarked;
