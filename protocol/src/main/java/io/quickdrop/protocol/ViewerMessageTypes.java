package io.quickdrop.protocol;

import io.quickdrop.protocol.MessageTypes.Entry;
import io.quickdrop.protocol.ViewerMessage.Age;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.protocol.ViewerMessage.DesktopCommand;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.protocol.ViewerMessage.StopStream;
import io.quickdrop.protocol.ViewerMessage.StreamElsewhere;
import io.quickdrop.protocol.ViewerMessage.StreamStarted;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of the table that are spoken with viewers. */
final class ViewerMessageTypes {
    private static final int MAX_URL_CHARS = 300;
    private static final int MAX_TICKET_CHARS = 512;

    static final List<Entry> ENTRIES = List.of(
            new Entry(
                    "get_desktop_clients",
                    ViewerMessage.GetDesktopClients.class,
                    f -> new ViewerMessage.GetDesktopClients()),
            new Entry(
                    "desktop_clients_list",
                    ViewerMessage.DesktopClientsList.class,
                    f -> new ViewerMessage.DesktopClientsList(f.list("clients", ViewerMessageTypes::desktop))),
            new Entry(
                    "start_stream",
                    StartStream.class,
                    f -> new StartStream(
                            f.clientId("desktopClientId"),
                            optionalScreen(f),
                            optionalRendition(f),
                            f.flag("redirect"))),
            new Entry(
                    "stream_elsewhere",
                    StreamElsewhere.class,
                    f -> new StreamElsewhere(
                            f.clientId("desktopClientId"),
                            optionalScreen(f),
                            optionalRendition(f),
                            f.text("url", MAX_URL_CHARS),
                            f.text("ticket", MAX_TICKET_CHARS))),
            new Entry("stream_started", StreamStarted.class, ViewerMessageTypes::streamStarted),
            new Entry(
                    "stop_stream",
                    StopStream.class,
                    f -> new StopStream(f.clientId("desktopClientId"), optionalScreen(f), optionalRendition(f))),
            new Entry(
                    "stream_stopped",
                    StreamStopped.class,
                    f -> new StreamStopped(
                            f.clientId("desktopClientId"),
                            AgentMessageTypes.screen(f, "monitorId"),
                            AgentMessageTypes.rendition(f),
                            f.text("reason", 64),
                            f.optionalText("url", MAX_URL_CHARS))),
            new Entry("frame_ack", PaintedAck.class, ViewerMessageTypes::frameAck),
            new Entry("stream_stats", StreamStats.class, ViewerMessageTypes::streamStats),
            new Entry(
                    "desktop_command",
                    DesktopCommand.class,
                    f -> new DesktopCommand(
                            f.clientId("desktopClientId"),
                            f.text("commandType", 64),
                            f.anyObject("commandData"),
                            f.optionalText("idempotencyKey", 128),
                            f.optionalCount("expiresInMs"))),
            new Entry(
                    "command_status",
                    CommandStatus.class,
                    f -> new CommandStatus(
                            f.text("commandId", 128),
                            f.text("status", 20),
                            f.optionalText("idempotencyKey", 128),
                            f.has("result") ? f.anyObject("result") : null,
                            f.optionalText("error", AgentMessageTypes.MAX_SENTENCE_CHARS))));

    private ViewerMessageTypes() {}

    /** Both hops acknowledge under one name; the field {@code hop} tells them apart. */
    private static Message frameAck(Fields f) throws Fields.BadField {
        if (f.has("hop")) {
            return AgentMessageTypes.relayAck(f);
        }
        return new PaintedAck(
                f.clientId("desktopClientId"),
                AgentMessageTypes.screen(f, "monitorId"),
                AgentMessageTypes.rendition(f),
                f.count("epoch"),
                f.count("frameNumber"),
                f.count("receivedNumber"),
                f.count("paintMicros"),
                f.smallCount("decoderQueue"),
                f.flag("hidden"));
    }

    static DesktopClient desktop(Fields f) throws Fields.BadField {
        return new DesktopClient(
                f.clientId("clientId"),
                f.text("friendlyName", AgentMessageTypes.MAX_NAME_CHARS),
                f.text("hostname", AgentMessageTypes.MAX_NAME_CHARS),
                f.text("state", 20),
                f.list("monitors", AgentMessageTypes::monitor),
                f.texts("codecs", 32, 32),
                f.number("generation", 1, 2),
                f.optionalCount("desktopHandle"),
                f.smallCount("viewers"),
                f.flag("capturing"),
                f.decimal("fps"),
                f.smallCount("kbps"),
                f.number("quality", 0, 100),
                f.optionalText("fingerprint", 128),
                f.count("lastSeenTs"),
                f.optionalText("limitedBy", AgentMessageTypes.MAX_SENTENCE_CHARS),
                f.optionalText("instance", AgentMessageTypes.MAX_NAME_CHARS));
    }

    private static @Nullable Integer optionalScreen(Fields f) throws Fields.BadField {
        return f.has("monitorId") ? AgentMessageTypes.screen(f, "monitorId") : null;
    }

    private static @Nullable Integer optionalRendition(Fields f) throws Fields.BadField {
        return f.has("rendition") ? f.number("rendition", 0, Rendition.MAX_STREAM) : null;
    }

    private static StreamStarted streamStarted(Fields f) throws Fields.BadField {
        return new StreamStarted(
                f.clientId("desktopClientId"),
                AgentMessageTypes.screen(f, "monitorId"),
                AgentMessageTypes.rendition(f),
                f.count("desktopHandle"),
                f.count("epoch"),
                f.smallCount("width"),
                f.smallCount("height"));
    }

    private static StreamStats streamStats(Fields f) throws Fields.BadField {
        return new StreamStats(
                f.clientId("desktopClientId"),
                AgentMessageTypes.screen(f, "monitorId"),
                AgentMessageTypes.rendition(f),
                f.smallCount("viewers"),
                f.decimal("fps"),
                f.smallCount("kbps"),
                f.number("quality", 0, 100),
                f.nested(
                        "age",
                        a -> new Age(
                                a.decimal("captureMs"),
                                a.decimal("uplinkMs"),
                                a.decimal("relayMs"),
                                a.decimal("downlinkMs"),
                                a.decimal("paintMs"),
                                a.decimal("totalMs"))),
                f.optionalText("limitedBy", AgentMessageTypes.MAX_SENTENCE_CHARS));
    }
}
