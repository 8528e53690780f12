package io.quickdrop.relay.desktop;

/** One stream of a desktop: which screen, and what for ({@link io.quickdrop.protocol.Rendition}). */
public record StreamKey(int screen, int rendition) {}
