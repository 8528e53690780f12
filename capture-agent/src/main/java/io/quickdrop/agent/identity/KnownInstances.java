package io.quickdrop.agent.identity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The other servers of the same store, by the one that a person named: so that a desktop whose server is away finds the others
 * also after a restart. Their keys are in {@link KnownServers}. A text file, one line for each named one.
 */
public final class KnownInstances {
    private static final String FILE = "known-instances";

    private final PrivateFolder folder;

    /** Kept in this folder. */
    public KnownInstances(PrivateFolder folder) {
        this.folder = folder;
    }

    /** The addresses ({@code host:port}) that were told by the server at this one, or by one of those. */
    public List<String> of(String address) throws IdentityException {
        return read().getOrDefault(address, List.of());
    }

    /** From now on these belong to the server at this address. */
    public void remember(String address, List<String> instances) throws IdentityException {
        Map<String, List<String>> known = read();
        List<String> now = List.copyOf(instances);
        if (now.equals(known.put(address, now))) {
            return;
        }
        StringBuilder text = new StringBuilder("# a server, and the servers of the same store that it named\n");
        known.forEach((server, others) ->
                text.append(server).append(' ').append(String.join(" ", others)).append('\n'));
        folder.write(FILE, text.toString());
    }

    private Map<String, List<String>> read() throws IdentityException {
        Map<String, List<String>> known = new LinkedHashMap<>();
        for (String line : folder.read(FILE).orElse("").lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                List<String> words = new ArrayList<>(List.of(line.strip().split(" +", -1)));
                known.put(words.remove(0), List.copyOf(words));
            }
        }
        return known;
    }
}
