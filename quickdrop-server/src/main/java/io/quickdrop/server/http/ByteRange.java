package io.quickdrop.server.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that a request asks for (RFC 9110 section 14). Of several ranges none is honoured: the whole file
 * is a correct answer, and nobody but attackers asks for many.
 *
 * @param first first byte
 * @param length number of bytes
 * @param whole whether that is the whole file
 */
record ByteRange(long first, long length, boolean whole) {
    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    static ByteRange whole(long size) {
        return new ByteRange(0, size, true);
    }

    /** What {@code header} asks of a file of {@code size} bytes; empty if it can't be satisfied (416). */
    static Optional<ByteRange> parse(@Nullable String header, long size) {
        if (header == null) {
            return Optional.of(whole(size));
        }
        Matcher match = SINGLE.matcher(header.strip());
        if (!match.matches() || (match.group(1).isEmpty() && match.group(2).isEmpty())) {
            return Optional.of(whole(size));
        }
        if (match.group(1).isEmpty()) {
            long suffix = Math.min(Long.parseLong(match.group(2)), size);
            return suffix == 0 ? Optional.empty() : Optional.of(new ByteRange(size - suffix, suffix, false));
        }
        long first = Long.parseLong(match.group(1));
        long last = match.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(match.group(2)), size - 1);
        if (!match.group(2).isEmpty() && Long.parseLong(match.group(2)) < first) {
            return Optional.of(whole(size)); // not a range at all: ignored
        }
        return first >= size ? Optional.empty() : Optional.of(new ByteRange(first, last - first + 1, false));
    }

    String contentRange(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
