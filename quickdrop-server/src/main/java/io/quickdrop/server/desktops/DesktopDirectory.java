package io.quickdrop.server.desktops;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.relay.driver.StorageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All desktops as the operator sees them: those that the relay knows, with their keys' fingerprints, and those that were let
 * in and have never registered. Safe on any thread; calls wait for the register of keys.
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
        Map<String, AgentKey> enrolled = enrolled();
        List<DesktopClient> all = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (DesktopClient desktop : served.get()) {
            all.add(complete(desktop, enrolled.get(desktop.clientId())));
            known.add(desktop.clientId());
        }
        enrolled.values().stream()
                .filter(key -> !known.contains(key.clientId()))
                .map(DesktopDirectory::neverRegistered)
                .forEach(all::add);
        return all;
    }

    /** The same desktop with its key's fingerprint, where it has a key. */
    public DesktopClient complete(DesktopClient desktop) {
        return complete(desktop, enrolled().get(desktop.clientId()));
    }

    private Map<String, AgentKey> enrolled() {
        Map<String, AgentKey> byClient = new HashMap<>();
        try {
            keys.list().forEach(key -> byClient.put(key.clientId(), key));
        } catch (StorageException e) {
            LOG.warn("the list of desktops is shown without fingerprints: {}", e.getMessage());
        }
        return byClient;
    }

    private static DesktopClient complete(DesktopClient d, @Nullable AgentKey key) {
        if (key == null || d.generation() == 1 || d.state().equals(DesktopClient.PENDING)) {
            return d;
        }
        return new DesktopClient(
                d.clientId(),
                d.friendlyName(),
                d.hostname(),
                d.state(),
                d.monitors(),
                d.codecs(),
                d.generation(),
                d.desktopHandle(),
                d.viewers(),
                d.capturing(),
                d.fps(),
                d.kbps(),
                d.quality(),
                key.fingerprint(),
                d.lastSeenTs(),
                d.limitedBy());
    }

    private static DesktopClient neverRegistered(AgentKey key) {
        return new DesktopClient(
                key.clientId(),
                key.name(),
                "",
                DesktopClient.OFFLINE,
                List.of(),
                List.of(),
                2,
                null,
                0,
                false,
                0,
                0,
                0,
                key.fingerprint(),
                key.enrolledAt().toEpochMilli(),
                null);
    }
}
