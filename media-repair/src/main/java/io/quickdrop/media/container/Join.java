package io.quickdrop.media.container;

import io.quickdrop.media.order.PartGap;
import io.quickdrop.media.order.Progress;
import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Makes one file of the parts of a take by copying packets: the parts follow each other without a pause, and a chapter says
 * where each begins and what is missing before it. A part of another size goes into the same stream, as VP8, VP9, AV1 and H.264
 * allow; nothing is encoded anew.
 */
public final class Join {
    private static final int PACKETS_PER_WORD = 500;

    private Join() {}

    /**
     * Writes {@code out}.
     *
     * @param parts in their order
     * @param gaps what is missing before each part, as many as there are parts
     * @throws Refusal if one file can't hold them, with the reason
     */
    public static Report run(Path out, List<Path> parts, List<PartGap> gaps, Progress progress) throws Refusal {
        List<Part> plan = plan(parts);
        long packets = 0;
        try (Source first = Source.open(parts.get(0));
                Sink sink = new Sink(Container.like(first), out)) {
            for (int i = 0; i < first.streams(); i++) {
                sink.add(first.parameters(i), first.stream(i).time_base());
            }
            List<Chapter> chapters = new ArrayList<>();
            for (int i = 0; i < plan.size(); i++) {
                Part part = plan.get(i);
                chapters.add(new Chapter(
                        part.offsetMs(),
                        part.offsetMs() + part.lengthMs(),
                        gaps.get(i).chapter(i)));
            }
            if (chapters.size() > 1) {
                Chapter.addTo(sink.context(), chapters);
            }
            sink.begin();
            for (int i = 0; i < plan.size(); i++) {
                int index = i;
                packets += copy(plan.get(i), first, sink, share -> progress.at((index + share) / plan.size()));
            }
            sink.finish();
        }
        if (packets == 0) {
            throw new Refusal("its parts hold no packets");
        }
        Part last = plan.get(plan.size() - 1);
        return new Report(last.offsetMs() + last.lengthMs(), List.of(), 0, false);
    }

    /** Where a part begins in the whole, and which of the first part's streams its streams continue. */
    private record Part(Path file, long offsetMs, long lengthMs, List<Integer> streams) {}

    private static List<Part> plan(List<Path> files) throws Refusal {
        List<Part> parts = new ArrayList<>();
        long offset = 0;
        try (Source first = Source.open(files.get(0))) {
            for (int i = 0; i < files.size(); i++) {
                try (Source source = Source.open(files.get(i))) {
                    List<Integer> streams = Fit.streams(first, source, i + 1);
                    long length = source.saysDurationFirst() ? source.durationMs() : scan(source);
                    parts.add(new Part(files.get(i), offset, length, streams));
                    offset += length;
                }
            }
        }
        return parts;
    }

    /** How long a part plays that does not say it: all of it is read. */
    private static long scan(Source source) {
        long start = source.startMs();
        long end = 0;
        for (AVPacket packet = source.next(); packet != null; packet = source.next()) {
            var base = source.stream(packet.stream_index()).time_base();
            end = Math.max(end, Times.millis(Times.decoded(packet) + Math.max(0, packet.duration()), base) - start);
        }
        return end;
    }

    private static long copy(Part part, Source first, Sink sink, Progress progress) throws Refusal {
        long count = 0;
        try (Source source = Source.open(part.file())) {
            ParameterSets[] sets = new ParameterSets[source.streams()];
            for (int i = 0; i < sets.length; i++) {
                sets[i] = ParameterSets.of(
                        source.parameters(i), first.parameters(part.streams().get(i)));
            }
            for (AVPacket packet = source.next(); packet != null; packet = source.next()) {
                int stream = packet.stream_index();
                if (stream >= sets.length) {
                    throw new Refusal("a further stream begins in the middle of a part");
                }
                sets[stream].addTo(packet);
                sink.write(
                        packet,
                        part.streams().get(stream),
                        source.stream(stream).time_base(),
                        part.offsetMs() - source.startMs());
                if (++count % PACKETS_PER_WORD == 0) {
                    progress.at(source.share());
                }
            }
        }
        return count;
    }
}
