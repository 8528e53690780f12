package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.AgentMessage.CommandResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A journal that lasts as long as its process: for tests, and for agents that need not survive. Safe on any thread. */
public final class InMemoryCommandJournal implements CommandJournal {
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Nothing ran yet. */
    public InMemoryCommandJournal() {}

    @Override
    public synchronized List<Entry> read() {
        return List.copyOf(entries.values());
    }

    @Override
    public synchronized void began(String commandId, String commandType) {
        entries.put(commandId, new Entry(commandId, commandType, null));
        while (entries.size() > REMEMBERED) {
            forgetOldest();
        }
    }

    /** The newest of a type stays, since it tells how the desktop was left. */
    private void forgetOldest() {
        List<Entry> all = new ArrayList<>(entries.values());
        for (int i = 0; i < all.size(); i++) {
            String type = all.get(i).commandType();
            if (all.subList(i + 1, all.size()).stream()
                    .anyMatch(later -> later.commandType().equals(type))) {
                entries.remove(all.get(i).commandId());
                return;
            }
        }
        throw new AssertionError("found " + all.size() + " types of commands");
    }

    @Override
    public synchronized void done(CommandResult result) {
        entries.computeIfPresent(result.commandId(), (id, began) -> new Entry(id, began.commandType(), result));
    }
}
