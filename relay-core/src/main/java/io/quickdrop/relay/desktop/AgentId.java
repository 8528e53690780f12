package io.quickdrop.relay.desktop;

/** One connection of a desktop's agent; never used again for another one. */
public record AgentId(long value) {}
