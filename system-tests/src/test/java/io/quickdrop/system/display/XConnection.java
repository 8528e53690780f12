package io.quickdrop.system.display;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * A connection to an X server by hand: the dozen requests of the core protocol (X Window System Protocol, X11R6) that the
 * tests draw and look with. Java's own toolkit would ask for a Java with all of its graphics; and a truth that comes from
 * the very library under test would be none.
 *
 * <p>One thread at a time.
 */
final class XConnection implements AutoCloseable {
    private static final int REPLY_BYTES = 32;
    private static final int ERROR = 0;
    private static final int REPLY = 1;
    /** A pixel of ours: blue, green, red, unused. */
    private static final int BYTES_PER_PIXEL = 4;

    private final SocketChannel socket;
    private final int root;
    private final int idBase;
    private int ids;

    /** A rectangle to fill, pixels. */
    record Area(int x, int y, int width, int height) {}

    /** @param display number of the display on this machine */
    XConnection(int display) throws IOException {
        socket = SocketChannel.open(UnixDomainSocketAddress.of(Path.of("/tmp/.X11-unix", "X" + display)));
        send(buffer(12).put((byte) 'l').put((byte) 0).putShort((short) 11).position(12));
        ByteBuffer head = receive(8);
        ByteBuffer rest = receive(4 * Short.toUnsignedInt(head.getShort(6)));
        if (head.get(0) != 1) {
            socket.close();
            throw new IOException("display :" + display + " lets nobody in");
        }
        idBase = rest.getInt(4);
        int vendorBytes = Short.toUnsignedInt(rest.getShort(16));
        int formats = Byte.toUnsignedInt(rest.get(21));
        root = rest.getInt(32 + (vendorBytes + 3) / 4 * 4 + 8 * formats);
    }

    /** The window that is the screen. */
    int root() {
        return root;
    }

    /** A window on the screen, shown, without any frame or manager. */
    int window(Area area, int colour) throws IOException {
        int window = id();
        send(request(1, 0, 10)
                .putInt(window)
                .putInt(root)
                .putShort((short) area.x)
                .putShort((short) area.y)
                .putShort((short) area.width)
                .putShort((short) area.height)
                .putShort((short) 0)
                .putShort((short) 1)
                .putInt(0)
                .putInt(0x0002 | 0x0200)
                .putInt(colour)
                .putInt(1));
        send(request(8, 0, 2).putInt(window));
        sync();
        return window;
    }

    /** Moves any window of this display. */
    void move(int window, int x, int y) throws IOException {
        send(request(12, 0, 5).putInt(window).putInt(0x0003).putInt(x).putInt(y));
        sync();
    }

    /** Takes a window away. */
    void destroy(int window) throws IOException {
        send(request(4, 0, 2).putInt(window));
        sync();
    }

    /** What to fill with. */
    int brush(int window, int colour) throws IOException {
        int brush = id();
        send(request(55, 0, 5).putInt(brush).putInt(window).putInt(0x0004).putInt(colour));
        return brush;
    }

    /** Fills areas, all at once as far as anybody who looks can tell. */
    void fill(int window, List<Integer> brushes, List<List<Area>> areas) throws IOException {
        int words = 0;
        for (List<Area> each : areas) {
            words += 3 + 2 * each.size();
        }
        // One write and one read by the server: it handles what it has read of a client before it turns to the next.
        ByteBuffer all = buffer(4 * words);
        for (int i = 0; i < areas.size(); i++) {
            List<Area> row = areas.get(i);
            all.put((byte) 70).put((byte) 0).putShort((short) (3 + 2 * row.size()));
            all.putInt(window).putInt(brushes.get(i));
            row.forEach(area -> all.putShort((short) area.x)
                    .putShort((short) area.y)
                    .putShort((short) area.width)
                    .putShort((short) area.height));
        }
        send(all);
        sync();
    }

    /** Whom the keyboard is for. */
    void focus(int window) throws IOException {
        send(request(42, 1, 3).putInt(window).putInt(0));
        sync();
    }

    /** Puts the mouse pointer there, and makes it invisible over the empty screen. */
    void hidePointerAt(int x, int y) throws IOException {
        int pixmap = id();
        int brush = id();
        int cursor = id();
        send(request(53, 1, 4).putInt(pixmap).putInt(root).putShort((short) 1).putShort((short) 1));
        send(request(55, 0, 5).putInt(brush).putInt(pixmap).putInt(0x0004).putInt(0));
        send(request(70, 0, 5).putInt(pixmap).putInt(brush).putLong(0x0001_0001_0000_0000L));
        send(request(93, 0, 8).putInt(cursor).putInt(pixmap).putInt(pixmap).position(32));
        send(request(2, 0, 4).putInt(root).putInt(0x4000).putInt(cursor));
        send(request(41, 0, 6)
                .putInt(0)
                .putInt(root)
                .putLong(0)
                .putShort((short) x)
                .putShort((short) y));
        sync();
    }

    /** What is on the glass, 4 bytes a pixel: blue, green, red, unused. The mouse pointer is not part of it. */
    ByteBuffer look(Area area) throws IOException {
        send(request(73, 2, 5)
                .putInt(root)
                .putShort((short) area.x)
                .putShort((short) area.y)
                .putShort((short) area.width)
                .putShort((short) area.height)
                .putInt(-1));
        ByteBuffer pixels = reply();
        int expected = area.width * area.height * BYTES_PER_PIXEL;
        if (pixels.remaining() != expected) {
            throw new IOException("found " + pixels.remaining() + " bytes of picture, expected " + expected
                    + ": is the screen 24 bits deep?");
        }
        return pixels;
    }

    /** Returns when the server has done all that was asked. */
    void sync() throws IOException {
        send(request(43, 0, 1));
        reply();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // it is gone all the same
        }
    }

    private int id() {
        return idBase + ++ids;
    }

    /** The rest of a reply, behind its first 32 bytes; events are passed over. */
    private ByteBuffer reply() throws IOException {
        while (true) {
            ByteBuffer head = receive(REPLY_BYTES);
            if (head.get(0) == REPLY) {
                return receive(4 * head.getInt(4));
            }
            if (head.get(0) == ERROR) {
                throw new IOException("the X server says error " + head.get(1) + " to request " + head.get(10));
            }
        }
    }

    private static ByteBuffer request(int opcode, int detail, int words) {
        return buffer(4 * words).put((byte) opcode).put((byte) detail).putShort((short) words);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void send(ByteBuffer request) throws IOException {
        request.flip();
        while (request.hasRemaining()) {
            socket.write(request);
        }
    }

    private ByteBuffer receive(int bytes) throws IOException {
        ByteBuffer received = buffer(bytes);
        while (received.hasRemaining()) {
            if (socket.read(received) < 0) {
                throw new EOFException("the X server is gone");
            }
        }
        return received.flip();
    }
}
