package io.quickdrop.media.container;

import io.quickdrop.media.order.Progress;
import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** Whether a new file holds what the old one holds, packet by packet, and can be jumped in. It reads both as anybody would. */
public final class Verification {
    private static final int PACKET_FLAG_KEY = 1;
    private static final int PACKETS_PER_WORD = 500;
    /** A jump may land between two packets of another stream. */
    private static final int MAX_PACKETS_TO_KEY = 2_000;

    private Verification() {}

    /**
     * Compares.
     *
     * @return what both hold, and how long {@code out} says that it plays
     * @throws Refusal if they differ, or {@code out} does not say its duration first or can't be jumped in
     */
    public static Report run(Path in, Path out, Progress progress) throws Refusal {
        List<Report.Stream> old = read(in, share -> progress.at(share / 2));
        List<Report.Stream> fresh = read(out, share -> progress.at((1 + share) / 2));
        if (!old.equals(fresh)) {
            throw new Refusal("the copy differs: " + old + " became " + fresh);
        }
        try (Source source = Source.open(out)) {
            if (!source.saysDurationFirst() || source.durationMs() <= 0) {
                throw new Refusal("the copy does not say how long it plays");
            }
            checkJump(source);
            return new Report(source.durationMs(), fresh, 0, false);
        }
    }

    private static void checkJump(Source source) throws Refusal {
        int wanted = 0;
        for (int i = 0; i < source.streams(); i++) {
            if (source.isVideo(i)) {
                wanted = i;
            }
        }
        long target = source.durationMs() / 2;
        source.seek(target);
        for (int i = 0; i < MAX_PACKETS_TO_KEY; i++) {
            AVPacket packet = source.next();
            if (packet == null) {
                break;
            }
            if (packet.stream_index() == wanted) {
                long at = Times.millis(
                        Times.decoded(packet), source.stream(wanted).time_base());
                if ((packet.flags() & PACKET_FLAG_KEY) != 0 && at <= target + 1) {
                    return;
                }
                throw new Refusal("a jump to " + target + " ms in the copy led to " + at + " ms");
            }
        }
        throw new Refusal("a jump to " + target + " ms in the copy led nowhere");
    }

    private static List<Report.Stream> read(Path file, Progress progress) throws Refusal {
        try (Source source = Source.openForAll(file)) {
            List<MessageDigest> hashes = new ArrayList<>();
            for (int i = 0; i < source.streams(); i++) {
                hashes.add(sha256());
            }
            long[] packets = new long[source.streams()];
            long[] bytes = new long[source.streams()];
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
            long count = 0;
            for (AVPacket packet = source.next(); packet != null; packet = source.next()) {
                int stream = packet.stream_index();
                if (stream >= packets.length) {
                    throw new Refusal("a further stream begins in the middle of it");
                }
                packets[stream]++;
                bytes[stream] += packet.size();
                hashes.get(stream).update(length.clear().putInt(packet.size()).flip());
                hashes.get(stream).update(packet.data().capacity(packet.size()).asByteBuffer());
                if (++count % PACKETS_PER_WORD == 0) {
                    progress.at(source.share());
                }
            }
            List<Report.Stream> streams = new ArrayList<>();
            for (int i = 0; i < packets.length; i++) {
                String hash = HexFormat.of().formatHex(hashes.get(i).digest());
                streams.add(Streams.of(source, i, packets[i], bytes[i], hash));
            }
            return streams;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
