package io.quickdrop.system.browser;

import io.quickdrop.system.browser.MediaFile.Track;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads MP4 (ISO/IEC 14496-12) as recorders in browsers write it, in fragments ({@code moov}, then {@code moof}s), and as it is
 * repaired, with a table of all samples in front.
 */
final class Mp4Reader {
    private static final Set<String> PARENTS = Set.of("moov", "trak", "mdia", "minf", "stbl", "mvex", "moof", "traf");
    private static final int TFHD_BASE_OFFSET = 0x1;
    private static final int TFHD_DESCRIPTION = 0x2;
    private static final int TFHD_DURATION = 0x8;
    private static final int TRUN_DATA_OFFSET = 0x1;
    private static final int TRUN_FIRST_FLAGS = 0x4;
    private static final int TRUN_DURATION = 0x100;
    private static final int TRUN_SIZE = 0x200;
    private static final int TRUN_FLAGS = 0x400;
    private static final int TRUN_TIME_OFFSET = 0x800;

    private static final class Track4 {
        String kind = "";
        String codec = "";
        long timescale = 1;
        long defaultDuration;
        long first = -1;
        long end;
        long next;
        int frames;
    }

    private final Map<Integer, Track4> tracks = new LinkedHashMap<>();
    private Track4 current = new Track4();
    private long fragmentDuration;
    private boolean hasType;

    List<Track> read(ByteBuffer file) {
        readBoxes(file);
        if (!hasType) {
            throw new IllegalArgumentException("no ftyp box");
        }
        List<Track> list = new ArrayList<>();
        for (Track4 track : tracks.values()) {
            long micros = (track.end - Math.max(0, track.first)) * 1_000_000 / track.timescale;
            list.add(new Track(track.kind, track.codec, track.frames, Duration.ofNanos(micros * 1_000)));
        }
        return list;
    }

    private void readBoxes(ByteBuffer boxes) {
        while (boxes.hasRemaining()) {
            int begin = boxes.position();
            long size = Integer.toUnsignedLong(boxes.getInt());
            String type = text(boxes);
            if (size == 1) {
                size = boxes.getLong();
            }
            int end = Math.toIntExact(begin + size);
            if (end > boxes.limit() || end < boxes.position()) {
                throw new IllegalArgumentException(
                        "box " + type + " at " + begin + " ends at " + end + ", the data at " + boxes.limit());
            }
            ByteBuffer content = boxes.duplicate().limit(end);
            if (PARENTS.contains(type)) {
                readBoxes(content);
            } else {
                readLeaf(type, content);
            }
            boxes.position(end);
        }
    }

    private void readLeaf(String type, ByteBuffer box) {
        switch (type) {
            case "ftyp" -> hasType = true;
            case "tkhd" -> {
                boolean isLong = box.getInt() >>> 24 == 1;
                skip(box, isLong ? 16 : 8);
                current = new Track4();
                tracks.put(box.getInt(), current);
            }
            case "mdhd" -> {
                boolean isLong = box.getInt() >>> 24 == 1;
                skip(box, isLong ? 16 : 8);
                current.timescale = Integer.toUnsignedLong(box.getInt());
            }
            case "hdlr" -> {
                skip(box, 8);
                String handler = text(box);
                current.kind = handler.equals("vide") ? "video" : handler.equals("soun") ? "audio" : handler;
            }
            case "stsd" -> {
                skip(box, 12);
                current.codec = text(box);
            }
            case "stts" -> {
                skip(box, 4);
                for (int entries = box.getInt(); entries > 0; entries--) {
                    int samples = box.getInt();
                    current.frames += samples;
                    current.end += samples * Integer.toUnsignedLong(box.getInt());
                }
            }
            case "trex" -> {
                skip(box, 4);
                Track4 track = track(box.getInt());
                skip(box, 4);
                track.defaultDuration = Integer.toUnsignedLong(box.getInt());
            }
            case "tfhd" -> {
                int flags = box.getInt() & 0xFFFFFF;
                current = track(box.getInt());
                skip(box, (flags & TFHD_BASE_OFFSET) != 0 ? 8 : 0);
                skip(box, (flags & TFHD_DESCRIPTION) != 0 ? 4 : 0);
                fragmentDuration =
                        (flags & TFHD_DURATION) != 0 ? Integer.toUnsignedLong(box.getInt()) : current.defaultDuration;
            }
            case "tfdt" -> {
                boolean isLong = box.getInt() >>> 24 == 1;
                current.next = isLong ? box.getLong() : Integer.toUnsignedLong(box.getInt());
            }
            case "trun" -> readRun(box);
            default -> {
                // nothing in it that is asked for
            }
        }
    }

    private void readRun(ByteBuffer box) {
        int flags = box.getInt() & 0xFFFFFF;
        int samples = box.getInt();
        skip(box, (flags & TRUN_DATA_OFFSET) != 0 ? 4 : 0);
        skip(box, (flags & TRUN_FIRST_FLAGS) != 0 ? 4 : 0);
        if (current.first < 0) {
            current.first = current.next;
        }
        for (int i = 0; i < samples; i++) {
            current.next += (flags & TRUN_DURATION) != 0 ? Integer.toUnsignedLong(box.getInt()) : fragmentDuration;
            skip(box, (flags & TRUN_SIZE) != 0 ? 4 : 0);
            skip(box, (flags & TRUN_FLAGS) != 0 ? 4 : 0);
            skip(box, (flags & TRUN_TIME_OFFSET) != 0 ? 4 : 0);
        }
        current.frames += samples;
        current.end = Math.max(current.end, current.next);
    }

    private Track4 track(int id) {
        Track4 track = tracks.get(id);
        if (track == null) {
            throw new IllegalArgumentException("a fragment speaks of track " + id + "; there are " + tracks.keySet());
        }
        return track;
    }

    private static String text(ByteBuffer in) {
        byte[] four = new byte[4];
        in.get(four);
        return new String(four, StandardCharsets.ISO_8859_1);
    }

    private static void skip(ByteBuffer in, int count) {
        in.position(in.position() + count);
    }
}
