/**
 * A recording's way from a client to a store, as two pure state machines: {@link io.quickdrop.relay.upload.UploadSession}
 * at the server, {@link io.quickdrop.relay.upload.UploadSender} at the client. No I/O, no threads, no clock.
 */
@NullMarked
package io.quickdrop.relay.upload;

import org.jspecify.annotations.NullMarked;
