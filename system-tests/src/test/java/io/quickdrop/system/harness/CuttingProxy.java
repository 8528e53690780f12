package io.quickdrop.system.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * A bad network on loopback: forwards TCP both ways, until told to cut, stall, swallow, slow down or damage.
 *
 * <p>Two threads per connection. Safe on any thread.
 */
public final class CuttingProxy implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction {
        /** Client to server. */
        UP,
        /** Server to client. */
        DOWN
    }

    /** How a connection ends, or falls silent. */
    public enum Ending {
        /** In order, as when a process exits: both sides read an end of the stream. */
        FIN,
        /** At once: both sides get "connection reset", and what is in the buffers is lost. */
        RST,
        /** Without a word: what the client sends from now on is lost, and nobody is told. */
        SILENT_UP,
        /** The same for what the server sends: acknowledgements are lost. */
        SILENT_DOWN,
        /** The same both ways: half-open. */
        SILENT
    }

    /**
     * Ends a connection, or lets it fall silent, behind exactly so many bytes of one direction.
     *
     * @param afterBytes bytes of {@code direction} that are still forwarded
     */
    public record Cut(Direction direction, long afterBytes, Ending ending) {}

    private static final int PIECE_BYTES = 16 * 1024;
    private static final int DRAIN_MILLIS = 2_000;

    private final ServerSocket listening;
    private final SocketAddress target;
    private final boolean speaksSocks;
    private final IntFunction<Optional<Cut>> plan;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicLong forwardedUp = new AtomicLong();
    private final AtomicLong forwardedDown = new AtomicLong();
    private final Object gate = new Object();
    private volatile long serverClosedNanos;
    private volatile boolean stalled;
    private volatile long bytesPerSecond = Long.MAX_VALUE;
    private volatile long flipUpByte = -1;

    /** Forwards to {@code target} and does no harm by itself. */
    public CuttingProxy(InetSocketAddress target) {
        this(target, number -> Optional.empty());
    }

    /** @param plan whether and where to cut the n-th connection, counted from 0 */
    public CuttingProxy(InetSocketAddress target, IntFunction<Optional<Cut>> plan) {
        this(target, plan, false);
    }

    private CuttingProxy(InetSocketAddress target, IntFunction<Optional<Cut>> plan, boolean speaksSocks) {
        this.target = target;
        this.speaksSocks = speaksSocks;
        this.plan = plan;
        try {
            listening = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError("no free port on loopback", e);
        }
        daemon("proxy-accept", this::accept);
    }

    /** One that clients are told of as their SOCKS proxy, so that they name the target as they would without it. */
    public static CuttingProxy socks(InetSocketAddress target) {
        return new CuttingProxy(target, number -> Optional.empty(), true);
    }

    /** Where clients connect to. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    }

    /** The port of {@link #address}. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Connections so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections that are there now. */
    public int open() {
        return links.size();
    }

    /** Connections that were cut so far, as planned or by {@link #cutAll}. */
    public int cuts() {
        return cuts.get();
    }

    /** Bytes forwarded so far. */
    public long forwarded(Direction direction) {
        return counter(direction).get();
    }

    private AtomicLong counter(Direction direction) {
        return direction == Direction.UP ? forwardedUp : forwardedDown;
    }

    /** When the server last ended a connection by itself, by {@link System#nanoTime}; 0 if it never did. */
    public long serverClosedNanos() {
        return serverClosedNanos;
    }

    /** Ends all present connections now, by {@link Ending#FIN} or {@link Ending#RST}. */
    public void cutAll(Ending ending) {
        links.forEach(link -> link.cut(ending));
    }

    /**
     * From now on, all present connections lose whatever goes {@code directions}, without a word: a half-open TCP
     * connection. New connections are fine.
     */
    public void swallow(Set<Direction> directions) {
        links.forEach(link -> link.swallowed = EnumSet.copyOf(directions));
    }

    /**
     * The link goes down, or comes back, without a word to anybody: connections that were there are dead for ever, as behind
     * a router that forgot them; one that is opened in the dark stands still until there is light, as TCP repeats itself.
     */
    public void darken(boolean dark) {
        if (dark) {
            swallow(EnumSet.allOf(Direction.class));
        }
        stall(dark);
    }

    /** Holds everything back, or lets it go on: a network that stands still, and fills the senders' buffers. */
    public void stall(boolean on) {
        synchronized (gate) {
            stalled = on;
            gate.notifyAll();
        }
    }

    /** Bounds each direction of each connection. */
    public void limit(long bytesPerSecondEach) {
        bytesPerSecond = bytesPerSecondEach;
    }

    /** Damages one bit of the {@code n}-th byte that goes up, of all that go up from the first connection on. */
    public void flipUp(long n) {
        flipUpByte = n;
    }

    /** Ends everything. */
    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException ignored) {
            // it is gone all the same
        }
        stall(false);
        links.forEach(Link::drop);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                int number = connections.getAndIncrement();
                daemon("proxy-" + number, () -> new Link(client, plan.apply(number)).run());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection and its continuation. */
    private final class Link {
        private final Socket client;
        private final Socket server = new Socket();
        private final Optional<Cut> cut;
        private final AtomicInteger pumpsLeft = new AtomicInteger(2);
        private volatile EnumSet<Direction> swallowed = EnumSet.noneOf(Direction.class);
        private volatile boolean over;

        Link(Socket client, Optional<Cut> cut) {
            this.client = client;
            this.cut = cut;
        }

        void run() {
            links.add(this);
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                if (speaksSocks) {
                    Socks5.listen(client);
                    waitAtGate();
                    Socks5.open(client);
                }
                server.connect(target, 5_000);
            } catch (IOException refused) {
                over = true;
                reset(client);
                reset(server);
                links.remove(this);
                return;
            }
            daemon(Thread.currentThread().getName() + "-down", () -> pump(Direction.DOWN, server, client));
            pump(Direction.UP, client, server);
        }

        private void pump(Direction direction, Socket from, Socket to) {
            byte[] piece = new byte[PIECE_BYTES];
            long left = cut.filter(planned -> planned.direction == direction)
                    .map(Cut::afterBytes)
                    .orElse(Long.MAX_VALUE);
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                    waitAtGate();
                    if (over || swallowed.contains(direction)) {
                        continue;
                    }
                    int passed = (int) Math.min(count, left);
                    damage(direction, piece, passed);
                    out.write(piece, 0, passed);
                    counter(direction).addAndGet(passed);
                    slowDown(passed);
                    left -= passed;
                    if (left == 0 && passed > 0) {
                        end(cut.orElseThrow().ending);
                    }
                }
            } catch (IOException broken) {
                // reset by one of the two: told to the other below
            } finally {
                if (direction == Direction.DOWN && !over) {
                    serverClosedNanos = System.nanoTime();
                }
                if (!swallowed.contains(direction)) {
                    over = true;
                    finish(to);
                }
                if (pumpsLeft.decrementAndGet() == 0) {
                    drop();
                }
            }
        }

        private void waitAtGate() {
            synchronized (gate) {
                while (stalled && !over) {
                    try {
                        gate.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
            }
        }

        private void slowDown(int bytes) {
            long rate = bytesPerSecond;
            if (rate != Long.MAX_VALUE) {
                LockSupport.parkNanos(bytes * 1_000_000_000L / rate);
            }
        }

        private void damage(Direction direction, byte[] piece, int count) {
            long n = flipUpByte - forwardedUp.get();
            if (direction == Direction.UP && n >= 0 && n < count) {
                piece[(int) n] ^= 1;
                flipUpByte = -1;
            }
        }

        private void end(Ending ending) {
            switch (ending) {
                case FIN, RST -> cut(ending);
                case SILENT_UP -> fallSilent(EnumSet.of(Direction.UP));
                case SILENT_DOWN -> fallSilent(EnumSet.of(Direction.DOWN));
                case SILENT -> fallSilent(EnumSet.allOf(Direction.class));
            }
        }

        private void fallSilent(EnumSet<Direction> directions) {
            swallowed = directions;
            cuts.incrementAndGet();
        }

        /** Ends it in a way that TCP tells of. */
        void cut(Ending ending) {
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
            }
            cuts.incrementAndGet();
            if (ending == Ending.RST) {
                drop();
                return;
            }
            // A socket closed with unread bytes says RST: so both are only half closed, and the pumps read on.
            finish(client);
            finish(server);
        }

        private static void finish(Socket socket) {
            try {
                socket.setSoTimeout(DRAIN_MILLIS);
                socket.shutdownOutput();
            } catch (IOException gone) {
                reset(socket);
            }
        }

        void drop() {
            over = true;
            reset(client);
            reset(server);
            links.remove(this);
        }

        private static void reset(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException ignored) {
                // it is gone all the same
            }
        }
    }
}
