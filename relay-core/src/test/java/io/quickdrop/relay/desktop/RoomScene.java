package io.quickdrop.relay.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.relay.desktop.RoomInput.AgentKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DesktopRoom} on a stage: facts by short names, orders as short lines, and after each fact a look at what must hold
 * always. The screen has two monitors of 256 × 128 pixels in a grid of tiles of 64.
 */
final class RoomScene {
    static final int WIDTH = 256;
    static final int HEIGHT = 128;
    static final int TILE = 64;
    static final Duration LINK = Duration.ofMillis(10);

    final Map<Integer, Long> pending = new HashMap<>();
    final DesktopRoom room;
    Instant now = Instant.ofEpochSecond(100);
    /** Pictures that were ordered for each viewer since the last {@link #sentTo}. */
    final Map<Long, List<Frame>> pictures = new HashMap<>();

    final Map<Long, Long> newestNumber = new HashMap<>();
    private final List<RoomOutput> heard = new ArrayList<>();
    private final Set<Long> viewers = new HashSet<>();
    private long agent;
    private long epoch;
    private long frameNumber;

    RoomScene() {
        this(RoomConfig.defaults());
    }

    RoomScene(RoomConfig config) {
        room = new DesktopRoom("desk", config, viewer -> pending.getOrDefault((int) viewer.value(), 0L));
    }

    /** The orders that follow from a fact, one line each; pictures, reports and figures are left out. */
    List<String> give(RoomInput input) {
        List<RoomOutput> outputs = room.handle(input, now);
        heard.addAll(outputs);
        room.deadline().ifPresent(at -> assertThat(at)
                .as("a deadline in the past would spin, after %s", input)
                .isAfter(now));
        List<String> lines = new ArrayList<>();
        for (RoomOutput output : outputs) {
            look(output);
            line(output, lines);
        }
        return lines;
    }

    /** What of this kind was told to anybody since the last call. */
    <T> List<T> heard(Class<T> kind) {
        List<T> messages = new ArrayList<>();
        for (RoomOutput output : heard) {
            Object message = output;
            if (output instanceof RoomOutput.ToAgent to) {
                message = to.message();
            } else if (output instanceof RoomOutput.ToViewer to) {
                message = to.message();
            }
            if (kind.isInstance(message)) {
                messages.add(kind.cast(message));
            }
        }
        heard.clear();
        return messages;
    }

    private void look(RoomOutput output) {
        if (output instanceof RoomOutput.ToAgent to) {
            assertThat(to.agent().value()).as("told is the present agent").isEqualTo(agent);
        } else if (output instanceof RoomOutput.ToViewer to) {
            assertThat(viewers)
                    .as("told is who looks: %s", to)
                    .contains(to.viewer().value());
        } else if (output instanceof RoomOutput.Picture picture) {
            long viewer = picture.viewer().value();
            assertThat(viewers).contains(viewer);
            assertThat(picture.frame().header().epoch()).isEqualTo(epoch);
            pictures.computeIfAbsent(viewer, absent -> new ArrayList<>()).add(picture.frame());
            newestNumber.put(viewer, picture.frame().header().frameNumber());
        }
    }

    private static void line(RoomOutput output, List<String> lines) {
        if (output instanceof RoomOutput.ToAgent to) {
            String text = text(to.message());
            if (!text.isEmpty()) {
                lines.add("agent" + to.agent().value() + " " + text);
            }
        } else if (output instanceof RoomOutput.ToViewer to) {
            String text = text(to.message());
            if (!text.isEmpty()) {
                lines.add("viewer" + to.viewer().value() + " " + text);
            }
        } else if (output instanceof RoomOutput.NoSuchStream no) {
            lines.add("viewer" + no.viewer().value() + " refused " + no.reason());
        } else if (output instanceof RoomOutput.FrameRefused refused) {
            lines.add("agent" + refused.agent().value() + " refused " + refused.detail());
        }
    }

    private static String text(AgentMessage message) {
        if (message instanceof AgentMessage.RelayAck ack) {
            return "ack " + ack.frameNumber();
        } else if (message instanceof AgentMessage.StartCapture start) {
            return "start "
                    + start.screens().stream()
                            .map(wish -> wish.screen() + ":" + wish.renditions())
                            .collect(Collectors.joining(" "));
        } else if (message instanceof AgentMessage.StopCapture) {
            return "stop";
        } else if (message instanceof AgentMessage.RequestKeyframe request) {
            return "whole " + request.screen() + ":" + request.rendition();
        }
        return "";
    }

    private static String text(ViewerMessage message) {
        if (message instanceof ViewerMessage.StreamStarted started) {
            return "started " + started.monitorId() + ":" + started.rendition() + " epoch " + started.epoch() + " "
                    + started.width() + "x" + started.height();
        } else if (message instanceof ViewerMessage.StreamStopped stopped) {
            return "stopped " + stopped.monitorId() + ":" + stopped.rendition() + " " + stopped.reason();
        }
        return "";
    }

    /** Lets time pass, with a tick at every deadline on the way and one at the end. */
    List<String> pass(Duration duration) {
        List<String> lines = new ArrayList<>();
        Instant end = now.plus(duration);
        while (room.deadline().filter(at -> !at.isAfter(end)).isPresent()) {
            now = room.deadline().get();
            lines.addAll(give(new RoomInput.Tick()));
        }
        now = end;
        lines.addAll(give(new RoomInput.Tick()));
        return lines;
    }

    List<String> passMillis(long millis) {
        return pass(Duration.ofMillis(millis));
    }

    // ---- the agent

    List<String> agent(long id, long newEpoch) {
        return agent(id, newEpoch, AgentKind.RENDITIONS);
    }

    List<String> agent(long id, long newEpoch, AgentKind kind) {
        if (newEpoch > epoch) {
            agent = id;
            epoch = newEpoch;
            frameNumber = 0;
        }
        List<Monitor> monitors = List.of(
                new Monitor(0, "left", 0, 0, WIDTH, HEIGHT, false),
                new Monitor(1, "right", WIDTH, 0, WIDTH, HEIGHT, true));
        ClientInfo info =
                new ClientInfo(ClientInfo.DESKTOP, "desk", null, null, monitors, List.of("jpeg", "png"), List.of());
        return give(new RoomInput.AgentCame(new AgentId(id), info, newEpoch, 7, kind));
    }

    List<String> agentGone(long id) {
        return give(new RoomInput.AgentGone(new AgentId(id)));
    }

    /** A frame of screen 1 with these places of its grid, each of so many bytes. */
    List<String> frame(int bytes, int... places) {
        return give(new RoomInput.FrameCame(new AgentId(agent), tiles(epoch, ++frameNumber, bytes, places)));
    }

    /** Every place of screen 1. */
    List<String> whole(int bytes) {
        return frame(bytes, 0, 1, 2, 3, 4, 5, 6, 7);
    }

    /** The frame of an agent or epoch that may be another one. */
    List<String> frameOf(long id, long ofEpoch, long number) {
        return give(new RoomInput.FrameCame(new AgentId(id), tiles(ofEpoch, number, 100, 0)));
    }

    List<String> picture(long bytes) {
        FrameHeader header = header(epoch, ++frameNumber, FrameHeader.FLAG_KEY | FrameHeader.FLAG_LAST_PART, 0);
        Tile tile = new Tile(0, 0, WIDTH, HEIGHT, ByteBuffer.allocate((int) bytes));
        return give(new RoomInput.FrameCame(new AgentId(agent), new Frame(header, List.of(tile))));
    }

    static Frame tiles(long epoch, long number, int bytes, int... places) {
        List<Tile> tiles = new ArrayList<>();
        for (int place : places) {
            tiles.add(tile(place, bytes));
        }
        int flags = FrameHeader.FLAG_TILES | FrameHeader.FLAG_LAST_PART;
        return new Frame(header(epoch, number, flags, tiles.size()), tiles);
    }

    static Tile tile(int place, int bytes) {
        return new Tile(place % 4 * TILE, place / 4 * TILE, TILE, TILE, ByteBuffer.allocate(bytes));
    }

    static FrameHeader header(long epoch, long number, int flags, int tiles) {
        return new FrameHeader(
                PictureCodec.JPEG, flags, 1, epoch, number, 0, 1_000 * number, 500, WIDTH, HEIGHT, 0, 75, tiles, 7);
    }

    // ---- viewers

    List<String> viewer(long id) {
        return viewer(id, null, Rendition.TILES);
    }

    List<String> viewer(long id, @Nullable Integer screen, int rendition) {
        viewers.add(id);
        return give(new RoomInput.ViewerCame(new ViewerId(id), "v" + id, screen, rendition));
    }

    List<String> left(long id) {
        return give(new RoomInput.ViewerLeft(new ViewerId(id), null, null));
    }

    List<String> gone(long id) {
        viewers.remove(id);
        return give(new RoomInput.ViewerGone(new ViewerId(id)));
    }

    /** It acknowledges all that it was sent. */
    List<String> paints(long id) {
        return acks(id, epoch, newestNumber.getOrDefault(id, 0L), false);
    }

    List<String> hides(long id, boolean hidden) {
        return acks(id, epoch, 0, hidden);
    }

    List<String> acks(long id, long ofEpoch, long number, boolean hidden) {
        return give(new RoomInput.Painted(
                new ViewerId(id),
                new PaintedAck("desk", 1, Rendition.TILES, ofEpoch, number, number, 1_000, 0, hidden)));
    }

    /** All of these paint what they were sent, a link's round trip later, until nothing more comes. */
    void settle(long... ids) {
        for (int i = 0; i < 200; i++) {
            pass(LINK);
            int before = pictures.values().stream().mapToInt(List::size).sum();
            for (long id : ids) {
                paints(id);
            }
            if (pictures.values().stream().mapToInt(List::size).sum() == before) {
                return;
            }
        }
        throw new AssertionError("pictures never end");
    }

    /** What this viewer was sent since the last call. */
    List<Frame> sentTo(long id) {
        List<Frame> frames = pictures.remove(id);
        return frames == null ? List.of() : frames;
    }

    /** Bytes of tiles that this viewer was sent since the last call. */
    int bytesTo(long id) {
        return sentTo(id).stream().mapToInt(Frame::wireBytes).sum();
    }

    /** Places of the grid that this viewer was sent since the last call. */
    List<Integer> placesTo(long id) {
        List<Integer> places = new ArrayList<>();
        for (Frame frame : sentTo(id)) {
            for (Tile tile : frame.tiles()) {
                places.add(tile.y() / TILE * 4 + tile.x() / TILE);
            }
        }
        return places;
    }
}
