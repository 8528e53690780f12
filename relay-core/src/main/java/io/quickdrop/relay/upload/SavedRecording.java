package io.quickdrop.relay.upload;

import org.jspecify.annotations.Nullable;

/**
 * A recording under its final name, forced and catalogued.
 *
 * @param fileName final name, made by the store
 * @param bytes length on the disk
 * @param chunks binary messages it came in
 * @param sha256 hash of what is on the disk, 64 lower-case hex digits; {@code null} only for partial ones
 * @param partial whether its end never came
 */
public record SavedRecording(String fileName, long bytes, long chunks, @Nullable String sha256, boolean partial) {}
