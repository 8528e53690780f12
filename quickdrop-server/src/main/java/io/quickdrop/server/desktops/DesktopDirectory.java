package io.quickdrop.server.desktops;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.relay.driver.StorageException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All desktops as the operator sees them: those that the relay knows, and those that were let in and have never registered.
 * Safe on any thread; calls wait for the register of keys.
 */
public final class DesktopDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(DesktopDirectory.class);

    private final Supplier<List<DesktopClient>> served;
    private final AgentKeys keys;

    /** @param served what the relay knows, by name */
    public DesktopDirectory(Supplier<List<DesktopClient>> served, AgentKeys keys) {
        this.served = served;
        this.keys = keys;
    }

    /** Every desktop: those that wait for approval, that are connected, and that are not. */
    public List<DesktopClient> list() {
        List<DesktopClient> known = served.get();
        Set<String> names = known.stream().map(DesktopClient::clientId).collect(Collectors.toSet());
        try {
            Stream<DesktopClient> others = keys.list().stream()
                    .filter(key -> !names.contains(key.clientId()))
                    .map(DesktopDirectory::neverRegistered);
            return Stream.concat(known.stream(), others).toList();
        } catch (StorageException e) {
            LOG.warn("desktops that were let in and have never registered can't be listed: {}", e.getMessage());
            return known;
        }
    }

    private static DesktopClient neverRegistered(AgentKey key) {
        return DesktopClient.notConnected(
                key.clientId(),
                key.name(),
                "",
                DesktopClient.OFFLINE,
                List.of(),
                2,
                key.fingerprint(),
                key.enrolledAt().toEpochMilli());
    }
}
