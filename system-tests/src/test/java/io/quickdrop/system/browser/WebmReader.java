package io.quickdrop.system.browser;

import io.quickdrop.system.browser.MediaFile.Track;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads WebM (RFC 9559) as recorders in browsers write it: segment and clusters may be of unknown size. */
final class WebmReader {
    private static final long SEGMENT = 0x18538067L;
    private static final long INFO = 0x1549A966L;
    private static final long TIMESTAMP_SCALE = 0x2AD7B1L;
    private static final long TRACKS = 0x1654AE6BL;
    private static final long TRACK_ENTRY = 0xAEL;
    private static final long TRACK_NUMBER = 0xD7L;
    private static final long TRACK_TYPE = 0x83L;
    private static final long CODEC_ID = 0x86L;
    private static final long CLUSTER = 0x1F43B675L;
    private static final long CLUSTER_TIMESTAMP = 0xE7L;
    private static final long BLOCK_GROUP = 0xA0L;
    private static final long BLOCK = 0xA1L;
    private static final long SIMPLE_BLOCK = 0xA3L;
    private static final int VIDEO = 1;

    private static final class TrackW {
        String kind = "";
        String codec = "";
        long first = -1;
        long last;
        int frames;
    }

    private final Map<Long, TrackW> tracks = new LinkedHashMap<>();
    private TrackW current = new TrackW();
    private long nanosPerTick = 1_000_000;
    private long clusterTime;

    List<Track> read(ByteBuffer file) {
        readElements(file);
        List<Track> list = new ArrayList<>();
        for (TrackW track : tracks.values()) {
            list.add(new Track(
                    track.kind,
                    track.codec,
                    track.frames,
                    Duration.ofNanos((track.last - Math.max(0, track.first)) * nanosPerTick)));
        }
        return list;
    }

    private void readElements(ByteBuffer in) {
        while (in.hasRemaining()) {
            long id = number(in, false);
            int sizeAt = in.position();
            long size = number(in, true);
            boolean unknown = size == (1L << (7 * (in.position() - sizeAt))) - 1;
            if (id == SEGMENT || (id == CLUSTER && unknown)) {
                continue; // what is in it follows, up to the end or to the next of its kind
            }
            int end = Math.toIntExact(in.position() + size);
            ByteBuffer content = in.duplicate().limit(end);
            readElement(id, content);
            in.position(end);
        }
    }

    private void readElement(long id, ByteBuffer content) {
        if (id == INFO || id == TRACKS || id == CLUSTER || id == BLOCK_GROUP) {
            readElements(content);
        } else if (id == TRACK_ENTRY) {
            current = new TrackW();
            readElements(content);
        } else if (id == TIMESTAMP_SCALE) {
            nanosPerTick = unsigned(content);
        } else if (id == TRACK_NUMBER) {
            tracks.put(unsigned(content), current);
        } else if (id == TRACK_TYPE) {
            current.kind = unsigned(content) == VIDEO ? "video" : "audio";
        } else if (id == CODEC_ID) {
            current.codec = StandardCharsets.US_ASCII.decode(content).toString();
        } else if (id == CLUSTER_TIMESTAMP) {
            clusterTime = unsigned(content);
        } else if (id == SIMPLE_BLOCK || id == BLOCK) {
            long number = number(content, true);
            TrackW track = tracks.get(number);
            if (track == null) {
                throw new IllegalArgumentException("a block of track " + number + "; there are " + tracks.keySet());
            }
            track.last = Math.max(track.last, clusterTime + content.getShort());
            track.first = track.first < 0 ? track.last : track.first;
            track.frames++;
        }
    }

    /** An EBML number (RFC 8794 section 4): the leading zero bits of its first byte tell its length. */
    private static long number(ByteBuffer in, boolean withoutMarker) {
        int first = Byte.toUnsignedInt(in.get());
        int more = Integer.numberOfLeadingZeros(first) - 24;
        if (more > 7) {
            throw new IllegalArgumentException("no EBML number at " + (in.position() - 1));
        }
        long value = withoutMarker ? first & (0x7F >> more) : first;
        for (int i = 0; i < more; i++) {
            value = (value << 8) | Byte.toUnsignedInt(in.get());
        }
        return value;
    }

    private static long unsigned(ByteBuffer content) {
        long value = 0;
        while (content.hasRemaining()) {
            value = (value << 8) | Byte.toUnsignedInt(content.get());
        }
        return value;
    }
}
