package io.quickdrop.bench.fanout;

import io.netty.buffer.ByteBuf;
import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage;
import java.util.List;

/**
 * A viewer that counts the tiles it gets and acknowledges them soon. Beside the plain fan-out it only counts: what
 * comes has the same form there.
 */
final class Viewer implements Load.Client {
    /** What happens to a viewer, told on its event loop. */
    interface Listener {
        /** Pictures will come. */
        void ready();

        /** So many more tiles are here. */
        void received(int tiles, int pictureBytes);

        /** It ended. */
        void failed(String why);
    }

    private static final long ACK_INTERVAL_NANOS = 2_000_000;

    private final boolean relay;
    private final String desktop;
    private final Listener listener;
    private long epoch;
    private long paintedNumber;
    private long ackedNanos = System.nanoTime() - ACK_INTERVAL_NANOS;
    private boolean ackPlanned;

    /** @param relay whether it talks to the relay, else to the plain fan-out */
    Viewer(boolean relay, String desktop, Listener listener) {
        this.relay = relay;
        this.desktop = desktop;
        this.listener = listener;
    }

    @Override
    public void opened(Load.Socket socket) {
        if (!relay) {
            socket.text("I watch");
        }
    }

    @Override
    public void text(Load.Socket socket, String text) {
        if (!relay) {
            listener.ready();
            return;
        }
        if (!(TextCodec.decode(text) instanceof Decoded.Accepted<Message> accepted)) {
            listener.failed("not understood: " + text);
            return;
        }
        Message message = accepted.value();
        if (message instanceof LinkMessage.Hello) {
            socket.text(TextCodec.encode(new AgentMessage.Handshake(
                    new AgentMessage.ClientInfo(
                            AgentMessage.ClientInfo.WEB,
                            "bench-viewer",
                            null,
                            null,
                            List.of(),
                            List.of("jpeg"),
                            List.of()),
                    null,
                    null,
                    null)));
        } else if (message instanceof AgentMessage.HandshakeAck) {
            socket.text(TextCodec.encode(new ViewerMessage.StartStream(desktop, 0, Rendition.TILES)));
        } else if (message instanceof ViewerMessage.StreamStarted) {
            listener.ready();
        } else if (message instanceof LinkMessage.Problem problem) {
            listener.failed(problem.reason() + ": " + problem.detail());
        }
    }

    @Override
    public void binary(Load.Socket socket, ByteBuf bytes) {
        int start = bytes.readerIndex();
        int flags = bytes.getUnsignedByte(start + 2);
        int tiles = bytes.getUnsignedShort(start + 34);
        if (relay && (flags & FrameHeader.FLAG_LAST_PART) != 0) {
            painted(socket, bytes.getUnsignedInt(start + 4), bytes.getUnsignedInt(start + 8));
        }
        listener.received(tiles, bytes.readableBytes() - FrameHeader.BYTES - tiles * Tile.HEADER_BYTES);
    }

    /** At once, and at least 2 ms apart: the relay takes 640 a second from a connection. */
    private void painted(Load.Socket socket, long ofEpoch, long number) {
        epoch = ofEpoch;
        paintedNumber = number;
        if (!ackPlanned) {
            ackPlanned = true;
            socket.later(() -> acknowledge(socket), Math.max(0, ackedNanos + ACK_INTERVAL_NANOS - System.nanoTime()));
        }
    }

    private void acknowledge(Load.Socket socket) {
        ackPlanned = false;
        ackedNanos = System.nanoTime();
        socket.text(TextCodec.encode(new ViewerMessage.PaintedAck(
                desktop, 0, Rendition.TILES, epoch, paintedNumber, paintedNumber, 0, 0, false)));
    }

    @Override
    public void failed(String why) {
        listener.failed(why);
    }
}
