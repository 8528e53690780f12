package io.quickdrop.relay.driver;

/** Which generation of the protocol a connection speaks. */
public enum Generation {
    /** Raw chunks without offsets; chosen by the absence of a subprotocol. */
    V1,
    /** Chunks with offset and checksum; chosen by {@link io.quickdrop.protocol.Subprotocol#V2}. */
    V2
}
