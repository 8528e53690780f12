package io.quickdrop.agent.identity;

import io.quickdrop.websocket.ServerPin;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The servers that this desktop was enrolled at, by address, and their keys. A text file, one line each. */
public final class KnownServers {
    /** Name of the file. */
    static final String FILE = "known-servers";

    private final PrivateFolder folder;

    /** Kept in this folder. */
    public KnownServers(PrivateFolder folder) {
        this.folder = folder;
    }

    /** The key of the server at an address ({@code host:port}). */
    public Optional<ServerPin> pin(String address) throws IdentityException {
        return Optional.ofNullable(read().get(address));
    }

    /** From now on the server at this address has this key. */
    public void remember(String address, ServerPin pin) throws IdentityException {
        Map<String, ServerPin> known = read();
        if (pin.equals(known.put(address, pin))) {
            return;
        }
        StringBuilder text = new StringBuilder("# address and key of each server that this desktop was enrolled at\n");
        known.forEach(
                (server, key) -> text.append(server).append(' ').append(key).append('\n'));
        folder.write(FILE, text.toString());
    }

    private Map<String, ServerPin> read() throws IdentityException {
        Map<String, ServerPin> known = new TreeMap<>();
        for (String line : folder.read(FILE).orElse("").lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split(" +", -1);
            try {
                if (words.length != 2) {
                    throw new IllegalArgumentException("found '" + line + "'");
                }
                known.put(words[0], ServerPin.parse(words[1]));
            } catch (IllegalArgumentException e) {
                throw new IdentityException(
                        folder.path().resolve(FILE) + " is damaged (" + e.getMessage()
                                + "). Repair or delete that line.",
                        e);
            }
        }
        return known;
    }
}
