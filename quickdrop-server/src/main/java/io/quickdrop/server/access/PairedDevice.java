package io.quickdrop.server.access;

import java.time.Instant;

/**
 * A phone that scanned the code, as the register keeps it.
 *
 * @param id names it on the dashboard; opens nothing
 * @param name what the page called it, cleaned, for people only
 * @param pairedAt when it got its key, whole milliseconds
 * @param lastSeenAt when it last used its key, coarse: see {@link DeviceKeys#TOUCH_EVERY}
 * @param revoked whether its key was taken away; it is kept so that the phone can be told why it is refused
 */
public record PairedDevice(String id, String name, Instant pairedAt, Instant lastSeenAt, boolean revoked) {}
