package io.quickdrop.media.container;

import io.quickdrop.media.order.Progress;
import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** Copies the packets of a recording into a new file that knows its duration and has an index. */
public final class Repair {
    /** So much may be missing behind the last whole packet: a recorder writes a second or two at a time. */
    private static final long TORN_BYTES = 4L * 1024 * 1024;

    private static final int TORN_PERCENT = 5;
    private static final int PACKETS_PER_WORD = 500;

    private Repair() {}

    /**
     * Writes {@code out}.
     *
     * @return what was copied, without hashes: {@link Verification} reads both files again
     */
    public static Report run(Path in, Path out, Progress progress) throws Refusal {
        try (Source source = Source.open(in);
                Sink sink = new Sink(Container.like(source), out)) {
            for (int i = 0; i < source.streams(); i++) {
                sink.add(source.parameters(i), source.stream(i).time_base());
            }
            sink.begin();
            long[] packets = new long[source.streams()];
            long[] bytes = new long[source.streams()];
            long count = 0;
            for (AVPacket packet = source.next(); packet != null; packet = source.next()) {
                int stream = packet.stream_index();
                if (stream >= packets.length) {
                    throw new Refusal("a further stream begins in the middle of it");
                }
                packets[stream]++;
                bytes[stream] += packet.size();
                sink.write(packet, stream, source.stream(stream).time_base());
                if (++count % PACKETS_PER_WORD == 0) {
                    progress.at(source.share());
                }
            }
            if (count == 0) {
                throw new Refusal("it holds no whole packet");
            }
            long torn = source.behindLast();
            if (torn > TORN_BYTES && torn > source.size() / 100 * TORN_PERCENT) {
                throw new Refusal(
                        "only the first " + (source.size() - torn) + " of its " + source.size() + " bytes can be read");
            }
            sink.finish();
            return new Report(0, streams(source, packets, bytes), torn, false);
        }
    }

    private static List<Report.Stream> streams(Source source, long[] packets, long[] bytes) {
        List<Report.Stream> streams = new ArrayList<>();
        for (int i = 0; i < packets.length; i++) {
            streams.add(Streams.of(source, i, packets[i], bytes[i], null));
        }
        return streams;
    }
}
