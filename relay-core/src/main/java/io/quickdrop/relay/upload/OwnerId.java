package io.quickdrop.relay.upload;

/**
 * One connection, as a machine names it: of two connections the later one has the greater number.
 *
 * @param value unique for the life of the process
 */
public record OwnerId(long value) {}
