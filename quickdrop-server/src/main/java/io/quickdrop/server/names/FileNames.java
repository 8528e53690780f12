package io.quickdrop.server.names;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Names of recordings in the output folder, for example {@code 2026-11-22_14-03-09_kitchen.webm}: they sort by time,
 * say what they are, and are valid on every system. Nothing in them is taken from a peer unchecked.
 *
 * <p>They begin with a year, so none is a reserved name of Windows ({@code con}, {@code nul}, {@code com1} …), a hidden
 * file or an option of a command, and none is longer than {@link #MAX_CHARS}.
 */
public final class FileNames {
    /** Longest name made here; file systems allow 255 bytes, the rest is for suffixes of other programs. */
    public static final int MAX_CHARS = 80;

    /** Above it something else is wrong: a folder with that many takes of one second. */
    static final int MAX_COUNTER = 99_999;

    /** Local time as on the clock of the room; no colons, for Windows. The year has four digits, see {@link #clamp}. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd_HH-mm-ss", Locale.ROOT);

    private static final Instant EARLIEST = Instant.parse("1970-01-02T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-30T00:00:00Z");

    private FileNames() {}

    /**
     * The name of a take.
     *
     * @param label as a peer sent it, empty for none
     * @param start when the take began; a peer's nonsense is clamped to the years 1970 to 9999
     * @param zone the zone of the wall clock to show
     * @param extension as a peer sent it, with or without dot
     */
    public static String of(String label, Instant start, ZoneId zone, String extension) {
        return of(label, start, zone, extension, 1);
    }

    /** The same with {@code -counter} before the extension, for a second take of the same second; 1 adds nothing. */
    public static String of(String label, Instant start, ZoneId zone, String extension, int counter) {
        if (counter < 1 || counter > MAX_COUNTER) {
            throw new IllegalArgumentException("counter " + counter + ": allowed are 1 to " + MAX_COUNTER);
        }
        String cleaned = Label.clean(label);
        return TIME.format(clamp(start).atZone(zone))
                + (cleaned.isEmpty() ? "" : "_" + cleaned)
                + (counter == 1 ? "" : "-" + counter)
                + "." + FileExtension.safe(extension);
    }

    private static Instant clamp(Instant start) {
        if (start.isBefore(EARLIEST)) {
            return EARLIEST;
        }
        return start.isAfter(LATEST) ? LATEST : start;
    }
}
