package io.quickdrop.server.addresses;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The network of the computer that this runs on. */
public final class SystemNetwork implements NetworkView {
    private static final System.Logger LOG = System.getLogger(SystemNetwork.class.getName());

    /** Addresses for documentation (RFC 5737, RFC 3849): routed like any other, and nobody lives there. */
    private static final List<String> FAR_AWAY = List.of("192.0.2.1", "2001:db8::1");

    /** The discard port. Connecting a datagram socket chooses a route and sends nothing. */
    private static final int DISCARD_PORT = 9;

    @Override
    public List<NetworkCard> cards() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(SystemNetwork::isUpAndReal)
                    .map(SystemNetwork::card)
                    .toList();
        } catch (SocketException e) {
            LOG.log(System.Logger.Level.WARNING, "the system doesn't list its network interfaces", e);
            return List.of();
        }
    }

    @Override
    public Optional<InetAddress> defaultRouteAddress() {
        return FAR_AWAY.stream().flatMap(SystemNetwork::ownAddressTowards).findFirst();
    }

    @Override
    public Optional<String> hostName() {
        return Stream.of(kernelName(), System.getenv("COMPUTERNAME"), System.getenv("HOSTNAME"))
                .flatMap(Stream::ofNullable)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .or(SystemNetwork::resolvedName);
    }

    private static boolean isUpAndReal(NetworkInterface card) {
        try {
            return card.isUp() && !card.isLoopback();
        } catch (SocketException e) {
            // The interface went away between listing and asking.
            LOG.log(System.Logger.Level.DEBUG, "network interface " + card.getName() + " is gone", e);
            return false;
        }
    }

    private static NetworkCard card(NetworkInterface card) {
        String display = Optional.ofNullable(card.getDisplayName()).orElse(card.getName());
        boolean wireless = Files.isDirectory(Path.of("/sys/class/net", card.getName(), "wireless"));
        return new NetworkCard(
                card.getName(), display, wireless, card.isVirtual(), Collections.list(card.getInetAddresses()));
    }

    private static Stream<InetAddress> ownAddressTowards(String target) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(target, DISCARD_PORT));
            InetAddress own = socket.getLocalAddress();
            return own.isAnyLocalAddress() ? Stream.empty() : Stream.of(own);
        } catch (IOException | UncheckedIOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no route towards " + target, e);
            return Stream.empty();
        }
    }

    private static @Nullable String kernelName() {
        Path file = Path.of("/proc/sys/kernel/hostname");
        try {
            return Files.isReadable(file) ? Files.readString(file) : null;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "can't read " + file, e);
            return null;
        }
    }

    /** Last, because it may ask a name server and wait for it (5 s on macOS without one). */
    private static Optional<String> resolvedName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            LOG.log(System.Logger.Level.DEBUG, "this computer doesn't know its own name", e);
            return Optional.empty();
        }
    }
}
