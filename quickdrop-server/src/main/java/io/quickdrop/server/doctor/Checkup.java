package io.quickdrop.server.doctor;

import io.quickdrop.server.addresses.AddressKind;
import java.util.List;

/**
 * Everything that a diagnosis rests on.
 *
 * @param port of the server
 * @param addresses each way to this computer, and whether it leads here
 * @param firewalls of this computer
 * @param contacts how far others came
 */
public record Checkup(int port, List<Reach> addresses, List<Firewall> firewalls, Contacts contacts) {
    /** Whether this computer itself gets to an address of its own. */
    public enum Answer {
        /** TLS, with our certificate. */
        GOOD,
        /** Nothing answers. */
        NOTHING,
        /** Somebody answers with another certificate, or without TLS. */
        STRANGER
    }

    /** One way to this computer. */
    public record Reach(String host, String interfaceName, AddressKind kind, Answer answer) {}

    public Checkup {
        addresses = List.copyOf(addresses);
        firewalls = List.copyOf(firewalls);
    }
}
