package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.v1.V1Codec;
import io.quickdrop.protocol.v1.V1Message;
import io.quickdrop.protocol.v1.V1Texts;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.threads.SerialInbox;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A desktop of v1: its texts are read on the relay's threads, since they are long, and its pictures become frames of
 * rendition {@link Rendition#WHOLE}. It is registered as those of v2 are, only without a key.
 */
final class V1Desktop {
    /** v1 does not say how good its pictures are. */
    private static final int QUALITY = 75;

    private final DesktopRelay relay;
    private final Peer peer;
    private final @Nullable String queryId;
    private final @Nullable AgentRegistration registration;
    private final SerialInbox<String> inbox;
    private final V1Numbers numbers = new V1Numbers();
    private final Voice voice = new Voice();
    private volatile boolean introduced;

    V1Desktop(DesktopRelay relay, Peer peer, PeerIdentity identity, @Nullable String queryId) {
        this.relay = relay;
        this.peer = peer;
        this.queryId = queryId;
        this.inbox = new SerialInbox<>(relay.workers().machines(), this::read);
        this.registration = relay.began(Generation.V1, identity, null, peer::isOpen, voice);
        if (registration == null) {
            peer.drop(CloseCode.TRY_AGAIN_LATER, "too many desktops are connected");
        }
    }

    /** Whether it said its handshake, after which its texts may be long. */
    boolean isIntroduced() {
        return introduced;
    }

    void text(String text) {
        if (!introduced && text.contains("\"handshake\"")) {
            introduced = true; // before the text is read: the next one may be long already
        }
        peer.took(text.length());
        inbox.add(text);
    }

    void closed() {
        AgentRegistration mine = registration;
        if (mine != null) {
            mine.closed();
        }
    }

    private void read(String text) {
        boolean kept = false;
        try {
            Decoded<V1Message> decoded = V1Codec.decode(text, ClientInfo.DESKTOP, queryId);
            if (decoded instanceof Decoded.Rejected<V1Message> rejected) {
                peer.fault(rejected.asProblem());
            } else if (decoded instanceof Decoded.Accepted<V1Message> accepted) {
                kept = take(accepted.value(), text.length());
            }
        } finally {
            if (!kept) {
                peer.settled(text.length());
            }
        }
    }

    /** Returns whether the room has the text's bytes now, and settles them. */
    private boolean take(V1Message message, int bytes) {
        AgentRegistration mine = registration;
        if (mine == null) {
            return false;
        }
        AgentRegistration.Served served = mine.served();
        if (message instanceof V1Message.Handshake handshake) {
            if (served == null) {
                mine.handshake(new Handshake(handshake.info(), null, null, null));
            } else {
                voice.acknowledgeAgain();
            }
        } else if (message instanceof V1Message.Ping ping) {
            peer.sendText(V1Texts.pong(ping.timestamp(), null, wallMillis()));
        } else if (message instanceof V1Message.Asked || message instanceof V1Message.Seen) {
            peer.fault(LinkMessage.Problem.of(ErrorReason.FORBIDDEN, "only viewers send this"));
        } else if (served == null) {
            mine.other(message instanceof V1Message.Picture ? "a frame" : "a message");
        } else if (message instanceof V1Message.Picture picture) {
            served.desktop().frame(served.id(), frame(picture, served), () -> peer.settled(bytes));
            return true;
        } else if (message instanceof V1Message.GetCommands) {
            served.desktop().polled(served.id(), voice::answerPoll);
        } else if (message instanceof V1Message.Result result) {
            served.desktop().fromAgent(served.id(), result.result());
        } else if (message instanceof V1Message.StreamStatus status) {
            served.desktop()
                    .fromAgent(
                            served.id(), new AgentStatus("capturing", status.fps(), 0, status.quality(), 0, 0, null));
        }
        return false;
    }

    private Frame frame(V1Message.Picture picture, AgentRegistration.Served served) {
        long number = numbers.came(
                picture.screen(), picture.frameNumber(), relay.workers().now());
        Long taken = picture.timestampMillis();
        Integer quality = picture.quality();
        FrameHeader header = new FrameHeader(
                picture.codec(),
                FrameHeader.FLAG_KEY | FrameHeader.FLAG_LAST_PART,
                picture.screen(),
                served.epoch(),
                number,
                0,
                Math.multiplyExact(Math.min(taken == null ? wallMillis() : taken, Long.MAX_VALUE / 1000), 1000L),
                0,
                picture.width(),
                picture.height(),
                Rendition.WHOLE,
                quality == null ? QUALITY : quality,
                0,
                served.desktop().handle());
        return new Frame(header, List.of(new Tile(0, 0, picture.width(), picture.height(), picture.bytes())));
    }

    private long wallMillis() {
        return relay.wallTime().toEpochMilli();
    }

    /** Says in v1 what the room says in v2; what v1 has no word for is left out. */
    private final class Voice implements AgentVoice {
        private final List<AgentMessage.Command> commands = new ArrayList<>();
        private volatile AgentMessage.@Nullable HandshakeAck ack;

        @Override
        public void tell(AgentMessage message) {
            if (message instanceof AgentMessage.HandshakeAck said) {
                ack = said;
                peer.sendText(V1Texts.handshakeAck(said, wallMillis()));
            } else if (message instanceof AgentMessage.RegistrationFailed failed) {
                peer.sendText(V1Texts.registrationFailed(failed, wallMillis()));
            } else if (message instanceof AgentMessage.StartCapture wish) {
                peer.sendText(V1Texts.startCapture(wish, wallMillis()));
            } else if (message instanceof AgentMessage.StopCapture) {
                peer.sendText(V1Texts.stopCapture(wallMillis()));
            } else if (message instanceof AgentMessage.RelayAck freed) {
                numbers.freed(
                        freed.screen(),
                        freed.frameNumber(),
                        relay.workers().now(),
                        (number, latency) -> peer.sendText(
                                V1Texts.frameAck(number, freed.screen(), latency.toMillis(), wallMillis())));
            } else if (message instanceof AgentMessage.Command command) {
                synchronized (commands) {
                    commands.add(command);
                }
            } else if (message instanceof AgentMessage.RegistrationPending) {
                peer.sendText(TextCodec.encode(message));
            }
        }

        void acknowledgeAgain() {
            AgentMessage.HandshakeAck said = ack;
            if (said != null) {
                peer.sendText(V1Texts.handshakeAck(said, wallMillis()));
            }
        }

        void answerPoll() {
            List<AgentMessage.Command> delivered;
            synchronized (commands) {
                delivered = List.copyOf(commands);
                commands.clear();
            }
            peer.sendText(V1Texts.commands(delivered, wallMillis()));
        }

        @Override
        public void fault(LinkMessage.Problem problem) {
            peer.fault(problem);
        }

        @Override
        public void drop(CloseCode code, String reason) {
            peer.drop(code, reason);
        }
    }
}
