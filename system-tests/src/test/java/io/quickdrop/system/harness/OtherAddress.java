package io.quickdrop.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Optional;

/** The server's machine seen from outside: its own address that is not loopback. The bytes never leave the machine. */
public final class OtherAddress {
    private OtherAddress() {}

    /** A door at an address that is not loopback; empty, and said so, on a machine without a network. */
    public static Optional<Door> of(ServerProcess server) {
        try {
            Optional<Door> door = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .findFirst()
                    .map(address -> new Door(
                            new InetSocketAddress(address, server.port()),
                            server.tls(),
                            address.getHostAddress() + ":" + server.port()));
            if (door.isEmpty()) {
                System.out.println("off-loopback part: NOT RUN, since this machine has no address but loopback");
            }
            return door;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
