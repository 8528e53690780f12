package io.quickdrop.server.addresses;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What the operating system knows about its networks. Safe on any thread; each call looks anew. */
public interface NetworkView {
    /** The interfaces that are up, loopback left out; empty if the system tells none. */
    List<NetworkCard> cards();

    /** The own address that traffic to the internet would leave from; empty without a default route. */
    Optional<InetAddress> defaultRouteAddress();

    /** This computer's name as its owner set it, possibly with a domain; empty if unknown. */
    Optional<String> hostName();
}
