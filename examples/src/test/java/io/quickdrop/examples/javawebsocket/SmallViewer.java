package io.quickdrop.examples.javawebsocket;

import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.relay.testing.FramePeer;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;

/** A viewer of one screen: paints tiles on a picture and tells what it painted. Safe on any thread. */
final class SmallViewer implements FramePeer.Heard {
    private final String desktop;
    private final BufferedImage glass =
            new BufferedImage(PictureDesktop.WIDTH, PictureDesktop.HEIGHT, BufferedImage.TYPE_INT_RGB);
    private final FramePeer peer;
    private int frames;
    private boolean left;

    SmallViewer(int port, String desktop) throws IOException {
        this.desktop = desktop;
        this.peer = FramePeer.client(port, Subprotocol.V2, this);
        tell(new StartStream(desktop, 0, 0));
    }

    /** Reads no more. */
    void freeze() {
        peer.stopReading();
    }

    synchronized void leave() throws IOException {
        left = true;
        peer.drop();
    }

    synchronized int frames() {
        return frames;
    }

    /** Whether the middle of every tile is about of this colour. */
    synchronized boolean isPainted(Color ground) {
        for (int x = 80; x < PictureDesktop.WIDTH; x += 160) {
            for (int y = 60; y < PictureDesktop.HEIGHT; y += 120) {
                Color found = new Color(glass.getRGB(x, y));
                int far = Math.abs(found.getRed() - ground.getRed())
                        + Math.abs(found.getGreen() - ground.getGreen())
                        + Math.abs(found.getBlue() - ground.getBlue());
                if (far > 30) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void text(String text) {
        // who streams and how old the picture is: not what this viewer is about
    }

    @Override
    public void binary(ByteBuffer payload) {
        if (!(Frame.decode(payload) instanceof Decoded.Accepted<Frame> accepted)) {
            throw new AssertionError("not a frame: " + Frame.decode(payload));
        }
        FrameHeader header = accepted.value().header();
        accepted.value().tiles().forEach(this::paint);
        PaintedAck ack = new PaintedAck(
                desktop, 0, 0, header.epoch(), header.frameNumber(), header.frameNumber(), 1000, 0, false);
        try {
            tell(ack);
        } catch (IOException e) {
            synchronized (this) {
                if (!left) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    @Override
    public void closed(int code) {
        // the test waits for pictures
    }

    private synchronized void paint(Tile tile) {
        byte[] bytes = new byte[tile.bytes().remaining()];
        tile.bytes().duplicate().get(bytes);
        try {
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(bytes));
            glass.getGraphics().drawImage(picture, tile.x(), tile.y(), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        frames++;
    }

    private void tell(Message message) throws IOException {
        peer.sendText(TextCodec.encode(message));
    }
}
