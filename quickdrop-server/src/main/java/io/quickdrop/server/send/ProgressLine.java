package io.quickdrop.server.send;

import java.time.Duration;
import java.util.Locale;

/** One line that says how an upload stands. Plain ASCII, but for the file's own name: terminals differ. */
final class ProgressLine {
    private static final int BAR_CHARS = 20;
    private static final int MAX_NAME_CHARS = 28;

    private final String name;
    private final long totalBytes;

    ProgressLine(String name, long totalBytes) {
        this.name = name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS - 3) + "...";
        this.totalBytes = totalBytes;
    }

    /**
     * The line, at most {@code columns} characters of it.
     *
     * @param bytesPerSecond of safe bytes; 0 if not known
     */
    String render(Transfer.Look look, double bytesPerSecond, int columns) {
        // Rounded down: 100 % is said only when every byte is safe.
        int percent = totalBytes == 0 ? 100 : (int) (100.0 * look.safeBytes() / totalBytes);
        int filled = BAR_CHARS * percent / 100;
        String bar = "#".repeat(filled) + "-".repeat(BAR_CHARS - filled);
        String line = String.format(
                Locale.ROOT,
                "%s [%s] %3d%% %s of %s safe%s",
                name,
                bar,
                percent,
                size(look.safeBytes()),
                size(totalBytes),
                words(look, bytesPerSecond));
        return line.length() <= columns ? line : line.substring(0, columns);
    }

    private String words(Transfer.Look look, double bytesPerSecond) {
        return switch (look.state()) {
            case CONNECTING -> ", connecting";
            case WAITING -> ", waiting for the server (" + look.note() + ")";
            case OFFLINE -> offline(look);
            case SENDING -> {
                if (look.safeBytes() == totalBytes) {
                    yield ", being checked";
                }
                yield bytesPerSecond < 1
                        ? ", sending"
                        : ", " + size((long) bytesPerSecond) + "/s, "
                                + clock((long) ((totalBytes - look.safeBytes()) / bytesPerSecond)) + " left";
            }
        };
    }

    private static String offline(Transfer.Look look) {
        long seconds = look.untilNextAttempt().plusMillis(999).toSeconds();
        String when = seconds == 0 ? "trying now" : "next try in " + seconds + " s";
        return ", no connection, " + when + " (" + look.note() + ")";
    }

    /** A number of bytes as people read it, in decimal units. */
    static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        String unit = "B";
        for (String next : new String[] {"kB", "MB", "GB", "TB"}) {
            if (value < 999.95) {
                break;
            }
            value /= 1000;
            unit = next;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
    }

    private static String clock(long seconds) {
        long hours = seconds / 3600;
        return hours > 99
                ? "days"
                : hours > 0
                        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, seconds / 60 % 60, seconds % 60)
                        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    /** A duration in a sentence. */
    static String words(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }
}
