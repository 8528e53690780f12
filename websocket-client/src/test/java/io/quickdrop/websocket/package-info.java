/** Addresses as people write them; connections are tried with the server's own certificates in quickdrop-server. */
@NullMarked
package io.quickdrop.websocket;

import org.jspecify.annotations.NullMarked;
