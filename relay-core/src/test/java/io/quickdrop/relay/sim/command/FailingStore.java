package io.quickdrop.relay.sim.command;

import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.command.CommandStore;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;

/** The store of all instances. While it is down every call fails, some of them after they were carried out. */
class FailingStore implements CommandStore {
    private final CommandStore store;
    private final SplittableRandom random;
    private boolean down;

    FailingStore(CommandStore store, SplittableRandom random) {
        this.store = store;
        this.random = random;
    }

    void down(boolean isDown) {
        down = isDown;
    }

    private interface Call<T> {
        T run() throws StorageException;
    }

    private <T> T through(Call<T> call) throws StorageException {
        boolean carriedOut = !down || random.nextInt(4) == 0;
        T answer = carriedOut ? call.run() : null;
        if (down || answer == null) {
            throw new StorageException(StorageException.Kind.FAILED, "the store is down");
        }
        return answer;
    }

    @Override
    public String instance() {
        return store.instance();
    }

    @Override
    public Added add(NewCommand command) throws StorageException {
        return through(() -> store.add(command));
    }

    @Override
    public List<StoredCommand> find(Collection<String> commandIds) throws StorageException {
        return through(() -> store.find(commandIds));
    }

    @Override
    public List<StoredCommand> list(String clientId, int most) throws StorageException {
        return through(() -> store.list(clientId, most));
    }

    @Override
    public List<StoredCommand> claim(String clientId, long epoch, boolean again) throws StorageException {
        return through(() -> store.claim(clientId, epoch, again));
    }

    @Override
    public boolean finish(String clientId, long epoch, String commandId, CommandOutcome outcome)
            throws StorageException {
        return through(() -> store.finish(clientId, epoch, commandId, outcome));
    }

    @Override
    public Due due(Collection<String> connected, Collection<String> watched) throws StorageException {
        return through(() -> store.due(connected, watched));
    }

    @Override
    public int sweep(boolean unanswered) throws StorageException {
        return through(() -> store.sweep(unanswered));
    }

    @Override
    public int forget() throws StorageException {
        return through(store::forget);
    }
}
