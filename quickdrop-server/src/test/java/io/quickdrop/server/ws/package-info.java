/** Tests of the WebSocket room. */
@NullMarked
package io.quickdrop.server.ws;

import org.jspecify.annotations.NullMarked;
