package io.quickdrop.server.api;

import io.quickdrop.server.access.EnrolmentCodes;
import io.quickdrop.server.addresses.HostAddress;
import io.quickdrop.server.addresses.ReachableAddresses;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The command line that adds a desktop: where the server is, by what key it is known, and a code that is good once. */
public final class AgentCommand {
    private final Supplier<ReachableAddresses> reachable;
    private final IntSupplier port;
    private final String authorityKey;

    /**
     * Composes from these.
     *
     * @param reachable asked each time, since addresses change
     * @param authorityKey SHA-256 of the public key of the authority in the server's chain, 64 lower-case hex digits
     */
    public AgentCommand(Supplier<ReachableAddresses> reachable, IntSupplier port, String authorityKey) {
        this.reachable = reachable;
        this.port = port;
        this.authorityKey = authorityKey;
    }

    List<HostAddress> addresses() {
        return reachable.get().list();
    }

    /** What the agent pins: everything it later trusts hangs on this key. */
    public String pin() {
        return "sha256:" + authorityKey;
    }

    /** To be typed on the desktop; holds the code, so it belongs into no log. */
    public String line(EnrolmentCodes.Offer offer) {
        return line(reachable.get().preferred(), offer);
    }

    String line(HostAddress address, EnrolmentCodes.Offer offer) {
        return "./quickdrop agent --server wss://" + address.host().inUrl(port.getAsInt()) + " --code " + offer.code()
                + " --pin " + pin();
    }
}
