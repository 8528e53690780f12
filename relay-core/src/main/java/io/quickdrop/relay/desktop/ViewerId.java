package io.quickdrop.relay.desktop;

/** One connection of a viewer; never used again for another one. */
public record ViewerId(long value) {}
