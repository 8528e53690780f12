package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.v1.V1Codec;
import io.quickdrop.protocol.v1.V1Message;
import io.quickdrop.protocol.v1.V1Texts;
import io.quickdrop.relay.driver.Peer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A viewer of v1: gets whole pictures as {@code frame_data}, numbered for each desktop, and acknowledges those numbers. */
final class V1Viewer {
    /** Pictures of one desktop that a viewer has not acknowledged; a room stops at ten a screen. */
    private static final int MAX_OUTSTANDING = 256;

    private record Sent(long number, int screen, long epoch, long roomNumber) {}

    private static final class Desktop {
        final Deque<Sent> outstanding = new ArrayDeque<>();
        long last;
    }

    private final DesktopRelay relay;
    private final Peer peer;
    private final @Nullable String queryId;
    private final ViewerDesk desk;
    private final Map<String, Desktop> desktops = new HashMap<>();
    private final Map<Long, String> idByHandle = new HashMap<>();

    V1Viewer(DesktopRelay relay, Peer peer, String name, @Nullable String queryId) {
        this.relay = relay;
        this.peer = peer;
        this.queryId = queryId;
        this.desk = new ViewerDesk(relay, name, new Voice());
    }

    void text(String text) {
        Decoded<V1Message> decoded = V1Codec.decode(text, ClientInfo.WEB, queryId);
        if (decoded instanceof Decoded.Rejected<V1Message> rejected) {
            peer.fault(rejected.asProblem());
        } else if (decoded instanceof Decoded.Accepted<V1Message> accepted) {
            take(accepted.value());
        }
    }

    private void take(V1Message message) {
        if (message instanceof V1Message.Handshake handshake) {
            HandshakeAck ack = new HandshakeAck(handshake.info().clientId(), 0, relay.heartbeatTiming(), false, null);
            peer.sendText(V1Texts.handshakeAck(ack, wallMillis()));
        } else if (message instanceof V1Message.Ping ping) {
            peer.sendText(V1Texts.pong(ping.timestamp(), relay.list(), wallMillis()));
        } else if (message instanceof V1Message.Asked asked) {
            desk.asked(asked.message());
        } else if (message instanceof V1Message.Seen seen) {
            seen(seen);
        } else {
            peer.fault(LinkMessage.Problem.of(ErrorReason.FORBIDDEN, "only desktops send this"));
        }
    }

    void closed() {
        desk.closed();
    }

    private void seen(V1Message.Seen seen) {
        Map<Integer, Sent> newest = new HashMap<>();
        synchronized (desktops) {
            Desktop desktop = desktops.get(seen.desktopClientId());
            while (desktop != null
                    && !desktop.outstanding.isEmpty()
                    && desktop.outstanding.element().number() <= seen.frameNumber()) {
                Sent sent = desktop.outstanding.remove();
                newest.put(sent.screen(), sent);
            }
        }
        newest.values()
                .forEach(sent -> desk.asked(new PaintedAck(
                        seen.desktopClientId(),
                        sent.screen(),
                        Rendition.WHOLE,
                        sent.epoch(),
                        sent.roomNumber(),
                        sent.roomNumber(),
                        0,
                        0,
                        false)));
    }

    private long wallMillis() {
        return relay.wallTime().toEpochMilli();
    }

    /** Says in v1 what rooms say in v2. */
    private final class Voice implements ViewerVoice {
        @Override
        public void tell(ViewerMessage message) {
            if (message instanceof ViewerMessage.StreamStarted started) {
                synchronized (desktops) {
                    idByHandle.put(started.desktopHandle(), started.desktopClientId());
                }
            }
            if (!(message instanceof ViewerMessage.StreamStats)) {
                peer.sendText(TextCodec.encode(message));
            }
        }

        @Override
        public void show(Frame frame) {
            FrameHeader header = frame.header();
            if (header.has(FrameHeader.FLAG_TILES)) {
                return; // a piece of a picture is of no use to v1
            }
            String desktopId;
            long number;
            synchronized (desktops) {
                desktopId = idByHandle.get(header.desktopHandle());
                if (desktopId == null) {
                    return;
                }
                Desktop desktop = desktops.computeIfAbsent(desktopId, id -> new Desktop());
                desktop.last++;
                number = desktop.last;
                desktop.outstanding.add(new Sent(number, header.screen(), header.epoch(), header.frameNumber()));
                if (desktop.outstanding.size() > MAX_OUTSTANDING) {
                    desktop.outstanding.remove();
                }
            }
            for (Tile whole : frame.tiles()) {
                peer.sendText(V1Texts.frameData(desktopId, header, number, whole.bytes(), wallMillis()));
            }
        }

        @Override
        public void refuse(LinkMessage.Problem problem) {
            peer.send(problem);
        }

        @Override
        public long pendingBytes() {
            return peer.pendingBytes();
        }
    }
}
