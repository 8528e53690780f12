package io.quickdrop.server.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** What counts as one remote party when tries are counted. */
public final class RemoteNetwork {
    private static final int NET_BYTES = 8;

    private RemoteNetwork() {}

    /**
     * The name of the party behind {@code remote}, readable for people: an IPv4 address, or an IPv6 net, since a host owns
     * a whole /64 and could try from each of its addresses.
     */
    public static String of(InetAddress remote) {
        if (!(remote instanceof Inet6Address)) {
            return remote.getHostAddress();
        }
        if (remote.isLoopbackAddress()) {
            return "::1";
        }
        byte[] net = Arrays.copyOf(Arrays.copyOf(remote.getAddress(), NET_BYTES), 2 * NET_BYTES);
        try {
            return InetAddress.getByAddress(net).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new AssertionError("sixteen bytes are an IPv6 address", e);
        }
    }
}
