package io.quickdrop.protocol;

import io.quickdrop.protocol.UploadMessage.Description;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of message types: the name on the wire, the record, and how its fields are read. */
final class MessageTypes {
    /** One row of the table. */
    record Entry(String name, Class<? extends Message> record, Fields.Reader<? extends Message> reader) {}

    private static final List<Entry> OWN = List.of(
            new Entry("hello", LinkMessage.Hello.class, MessageTypes::hello),
            new Entry(
                    "ping",
                    LinkMessage.Ping.class,
                    f -> new LinkMessage.Ping(f.optionalOpaqueNumber("timestamp"), f.optionalOpaqueNumber("ts"))),
            new Entry(
                    "pong",
                    LinkMessage.Pong.class,
                    f -> new LinkMessage.Pong(
                            f.optionalOpaqueNumber("timestamp"), f.optionalOpaqueNumber("ts"), f.count("serverTime"))),
            new Entry("goodbye", LinkMessage.Goodbye.class, f -> new LinkMessage.Goodbye(f.count("retryAfterMs"))),
            new Entry("error", LinkMessage.Problem.class, MessageTypes::problem),
            new Entry(
                    "start",
                    UploadMessage.Start.class,
                    f -> new UploadMessage.Start(f.sessionId("sessionId"), description(f), f.flag("resume"))),
            new Entry(
                    "resume",
                    UploadMessage.Resume.class,
                    f -> new UploadMessage.Resume(f.sessionId("sessionId"), description(f))),
            new Entry(
                    "started",
                    UploadMessage.Started.class,
                    f -> new UploadMessage.Started(
                            f.sessionId("sessionId"), f.text("fileName", 255), f.flag("resumed"), f.count("bytes"))),
            new Entry(
                    "progress",
                    UploadMessage.Progress.class,
                    f -> new UploadMessage.Progress(
                            f.sessionId("sessionId"),
                            f.count("bytes"),
                            f.count("chunks"),
                            f.optionalCount("freeBytes"))),
            new Entry(
                    "end",
                    UploadMessage.End.class,
                    f -> new UploadMessage.End(
                            f.sessionId("sessionId"),
                            f.count("totalBytes"),
                            f.optionalCount("chunks"),
                            f.optionalSha256("sha256"),
                            f.optionalCount("ms"),
                            f.flag("canRepair"))),
            new Entry("blocks", UploadMessage.Blocks.class, MessageTypes::blocks),
            new Entry(
                    "compare",
                    UploadMessage.Compare.class,
                    f -> new UploadMessage.Compare(f.sessionId("sessionId"), f.count("offset"), f.count("bytes"))),
            new Entry("saved", UploadMessage.Saved.class, MessageTypes::saved),
            new Entry("abort", UploadMessage.Abort.class, f -> new UploadMessage.Abort(f.sessionId("sessionId"))),
            new Entry(
                    "aborted", UploadMessage.Aborted.class, f -> new UploadMessage.Aborted(f.sessionId("sessionId"))));

    private static final List<Entry> ENTRIES = Stream.of(
                    OWN, ObserverMessageTypes.ENTRIES, AgentMessageTypes.ENTRIES, ViewerMessageTypes.ENTRIES)
            .flatMap(List::stream)
            .toList();

    static final Map<String, Entry> BY_NAME =
            ENTRIES.stream().collect(Collectors.toUnmodifiableMap(Entry::name, entry -> entry));
    static final String NAMES = String.join(", ", new TreeMap<>(BY_NAME).keySet());

    private static final Map<Class<? extends Message>, String> NAME_BY_RECORD =
            ENTRIES.stream().collect(Collectors.toUnmodifiableMap(Entry::record, Entry::name));

    private MessageTypes() {}

    static String nameOf(Message message) {
        if (message instanceof LinkMessage.HelloV1) {
            return "hello"; // v1's own form of the same type
        }
        if (message instanceof AgentMessage.RelayAck) {
            return "frame_ack"; // the other hop's form of the same type
        }
        String name = NAME_BY_RECORD.get(message.getClass());
        if (name == null) {
            throw new AssertionError("no wire name for " + message.getClass());
        }
        return name;
    }

    private static LinkMessage hello(Fields f) throws Fields.BadField {
        if (!f.has("protocol")) {
            return new LinkMessage.HelloV1(f.text("outputDir", 4096), f.text("phoneUrl", 1024));
        }
        return new LinkMessage.Hello(
                f.smallCount("protocol"),
                f.text("serverId", 128),
                f.nested(
                        "limits",
                        l -> new LinkMessage.ServerLimits(
                                l.smallCount("maxChunk"), l.count("maxRecording"), l.count("freeBytes"))),
                f.nested("recorderHints", h -> new LinkMessage.RecorderHints(h.smallCount("timesliceMs"))));
    }

    private static LinkMessage.Problem problem(Fields f) throws Fields.BadField {
        return new LinkMessage.Problem(
                f.text("reason", 200),
                f.optionalText("detail", 4096),
                f.has("sessionId") ? f.sessionId("sessionId") : null,
                f.optionalCount("expectedOffset"));
    }

    private static Description description(Fields f) throws Fields.BadField {
        return new Description(
                f.text("mime", Limits.MAX_MIME_CHARS),
                f.extension("ext"),
                f.optionalText("label", Limits.MAX_LABEL_CHARS),
                f.count("ts"),
                f.optionalCount("totalBytes"),
                f.has("take") ? f.nested("take", MessageTypes::take) : null);
    }

    static TakePart take(Fields f) throws Fields.BadField {
        return new TakePart(
                f.takeId("takeId"),
                f.number("index", 0, TakePart.MAX_INDEX),
                f.has("gapMs") ? f.count("gapMs") : 0,
                f.takeCause("cause"));
    }

    private static UploadMessage.Blocks blocks(Fields f) throws Fields.BadField {
        SessionId session = f.sessionId("sessionId");
        String reason = f.text("reason", 200);
        long offset = f.count("offset");
        long bytes = f.count("bytes");
        long blockBytes = f.count("blockBytes");
        List<String> hashes = f.sha256s("hashes", Limits.MAX_BLOCKS);
        try {
            return new UploadMessage.Blocks(session, reason, offset, bytes, blockBytes, hashes);
        } catch (IllegalArgumentException e) {
            throw new Fields.BadField("hashes", String.valueOf(e.getMessage()));
        }
    }

    private static UploadMessage.Saved saved(Fields f) throws Fields.BadField {
        String sha256 = f.optionalSha256("sha256");
        if (sha256 == null) {
            throw new Fields.BadField("sha256", "found nothing; allowed are 64 lower-case hex digits");
        }
        return new UploadMessage.Saved(
                f.sessionId("sessionId"),
                f.text("fileName", 255),
                f.count("bytes"),
                f.count("chunks"),
                sha256,
                f.count("expectedBytes"));
    }
}
