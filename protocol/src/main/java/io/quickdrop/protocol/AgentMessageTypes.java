package io.quickdrop.protocol;

import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.AgentMessage.Governing;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.AgentMessage.UpdateConfig;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.MessageTypes.Entry;
import java.util.List;

/** The rows of the table that are spoken with agents. */
final class AgentMessageTypes {
    /** Longest name of a person's choosing, characters. */
    static final int MAX_NAME_CHARS = 200;
    /** Longest sentence for people, characters. */
    static final int MAX_SENTENCE_CHARS = 1000;

    private static final int MAX_SCREENS = 256;
    private static final int MAX_URL_CHARS = 300;
    private static final int MAX_PIN_CHARS = 80;

    static final List<Entry> ENTRIES = List.of(
            new Entry(
                    "challenge",
                    AgentMessage.Challenge.class,
                    f -> new AgentMessage.Challenge(f.text("nonce", 64), f.text("serverId", 128))),
            new Entry("handshake", Handshake.class, AgentMessageTypes::handshake),
            new Entry(
                    "registration_pending",
                    AgentMessage.RegistrationPending.class,
                    f -> new AgentMessage.RegistrationPending(
                            f.clientId("clientId"), f.text("fingerprint", 128), f.text("hint", MAX_SENTENCE_CHARS))),
            new Entry("handshake_ack", HandshakeAck.class, AgentMessageTypes::handshakeAck),
            new Entry("instances", AgentMessage.Instances.class, f -> new AgentMessage.Instances(instances(f))),
            new Entry(
                    "registration_failed",
                    AgentMessage.RegistrationFailed.class,
                    f -> new AgentMessage.RegistrationFailed(
                            f.clientId("clientId"), f.text("error", 64), f.text("hint", MAX_SENTENCE_CHARS))),
            new Entry("start_capture", StartCapture.class, AgentMessageTypes::startCapture),
            new Entry("stop_capture", AgentMessage.StopCapture.class, f -> new AgentMessage.StopCapture()),
            new Entry(
                    "update_config",
                    UpdateConfig.class,
                    f -> new UpdateConfig(
                            f.has("maxFps") ? f.number("maxFps", 1, 60) : null,
                            f.has("maxQuality") ? f.number("maxQuality", 1, 100) : null)),
            new Entry(
                    "request_keyframe",
                    AgentMessage.RequestKeyframe.class,
                    f -> new AgentMessage.RequestKeyframe(screen(f, "screen"), rendition(f))),
            new Entry("viewer_report", ViewerReport.class, AgentMessageTypes::viewerReport),
            new Entry("agent_status", AgentStatus.class, AgentMessageTypes::agentStatus),
            new Entry(
                    "command",
                    AgentMessage.Command.class,
                    f -> new AgentMessage.Command(
                            f.text("commandId", 128),
                            f.count("fence"),
                            f.text("commandType", 64),
                            f.anyObject("commandData"),
                            f.optionalCount("expiresInMs"))),
            new Entry(
                    "command_result",
                    CommandResult.class,
                    f -> new CommandResult(
                            f.text("commandId", 128),
                            f.text("status", 20),
                            f.has("result") ? f.anyObject("result") : null,
                            f.optionalText("error", MAX_SENTENCE_CHARS))));

    private AgentMessageTypes() {}

    static int screen(Fields f, String name) throws Fields.BadField {
        return f.number(name, 0, MAX_SCREENS - 1);
    }

    static int rendition(Fields f) throws Fields.BadField {
        return f.has("rendition") ? f.number("rendition", 0, 255) : Rendition.TILES;
    }

    static RelayAck relayAck(Fields f) throws Fields.BadField {
        String hop = f.text("hop", 20);
        if (!hop.equals(RelayAck.RELAY)) {
            throw new Fields.BadField("hop", "found \"" + hop + "\"; allowed is \"" + RelayAck.RELAY + "\"");
        }
        return new RelayAck(f.count("frameNumber"), screen(f, "screen"), rendition(f), f.count("epoch"), hop);
    }

    static DesktopClient.Monitor monitor(Fields f) throws Fields.BadField {
        int far = 1_000_000;
        return new DesktopClient.Monitor(
                screen(f, "index"),
                f.text("name", MAX_NAME_CHARS),
                f.number("x", -far, far),
                f.number("y", -far, far),
                f.number("width", 1, 65_535),
                f.number("height", 1, 65_535),
                f.flag("isPrimary"));
    }

    private static Handshake handshake(Fields f) throws Fields.BadField {
        ClientInfo info = f.nested("clientInfo", AgentMessageTypes::clientInfo);
        return new Handshake(
                info,
                f.optionalText("publicKey", 128),
                f.optionalText("signature", 128),
                f.optionalText("enrolmentCode", 64));
    }

    private static ClientInfo clientInfo(Fields f) throws Fields.BadField {
        String type = f.text("clientType", 20);
        if (!type.equals(ClientInfo.DESKTOP) && !type.equals(ClientInfo.WEB)) {
            throw new Fields.BadField(
                    "clientType",
                    "found " + Fields.shown("\"" + type + "\"") + "; allowed are \"desktop\" and \"web\"");
        }
        return new ClientInfo(
                type,
                f.clientId("clientId"),
                f.optionalText("friendlyName", MAX_NAME_CHARS),
                f.optionalText("hostname", MAX_NAME_CHARS),
                f.has("monitors") ? f.list("monitors", AgentMessageTypes::monitor) : List.of(),
                f.texts("codecs", 32, 32),
                f.texts("capabilities", 64, 64));
    }

    private static HandshakeAck handshakeAck(Fields f) throws Fields.BadField {
        return new HandshakeAck(
                f.clientId("clientId"),
                f.count("epoch"),
                f.nested(
                        "heartbeat",
                        h -> new HeartbeatTiming(
                                h.number("intervalMs", 100, 600_000), h.number("silentIntervals", 1, 100))),
                f.flag("dbRegistered"),
                f.optionalCount("desktopHandle"),
                f.has("instances") ? instances(f) : List.of());
    }

    private static List<AgentMessage.Instance> instances(Fields f) throws Fields.BadField {
        return f.list(
                "instances",
                i -> new AgentMessage.Instance(i.text("url", MAX_URL_CHARS), i.text("pin", MAX_PIN_CHARS)));
    }

    private static StartCapture startCapture(Fields f) throws Fields.BadField {
        return new StartCapture(
                f.list(
                        "screens",
                        s -> new ScreenWish(screen(s, "screen"), s.numbers("renditions", 0, Rendition.MAX_STREAM))),
                f.number("fps", 1, 60),
                f.number("quality", 1, 100),
                f.text("codec", 32));
    }

    private static ViewerReport viewerReport(Fields f) throws Fields.BadField {
        return new ViewerReport(
                f.smallCount("viewers"),
                f.smallCount("visible"),
                f.has("governing")
                        ? f.nested("governing", g -> new Governing(g.count("queueDelayMs"), g.count("deliveryKbps")))
                        : null,
                f.texts("watchers", 1000, MAX_NAME_CHARS));
    }

    private static AgentStatus agentStatus(Fields f) throws Fields.BadField {
        return new AgentStatus(
                f.text("state", 20),
                f.decimal("fps"),
                f.smallCount("kbps"),
                f.number("quality", 0, 100),
                f.count("skipped"),
                f.count("roundTripMicros"),
                f.optionalText("detail", MAX_SENTENCE_CHARS));
    }
}
