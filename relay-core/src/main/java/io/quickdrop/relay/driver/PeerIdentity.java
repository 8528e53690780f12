package io.quickdrop.relay.driver;

/**
 * Who is at the other end, as the embedder has authenticated it.
 *
 * @param device stable name of the device; a session may only be continued by the device that began it
 * @param mayUpload whether it may send recordings
 */
public record PeerIdentity(String device, boolean mayUpload) {}
