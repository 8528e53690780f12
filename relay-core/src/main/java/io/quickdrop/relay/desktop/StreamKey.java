package io.quickdrop.relay.desktop;

/** One stream of a desktop: which screen, and what for ({@link io.quickdrop.protocol.Rendition}). */
record StreamKey(int screen, int rendition) {}
