package io.quickdrop.server.addresses;

import java.net.InetAddress;
import java.util.List;

/**
 * One network interface that is up, as the system tells it.
 *
 * @param name the system's short name, for example {@code wlan0}
 * @param displayName the long name; says the make on Windows, repeats {@code name} elsewhere
 * @param wireless whether the system says that it is a wireless card; false where the system doesn't say
 * @param virtual whether the system says that no hardware stands behind it
 * @param addresses all its addresses, of any scope
 */
public record NetworkCard(
        String name, String displayName, boolean wireless, boolean virtual, List<InetAddress> addresses) {
    /** Copies {@code addresses}. */
    public NetworkCard {
        addresses = List.copyOf(addresses);
    }
}
