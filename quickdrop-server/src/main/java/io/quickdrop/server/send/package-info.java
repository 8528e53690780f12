/**
 * {@code quickdrop send}: files from a command line, over as many connections as it takes, resumable after the process
 * was interrupted; and the WebSocket client that carries them, which depends on nothing else in here.
 */
@NullMarked
package io.quickdrop.server.send;

import org.jspecify.annotations.NullMarked;
