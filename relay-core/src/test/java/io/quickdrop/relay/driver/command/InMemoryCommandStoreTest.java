package io.quickdrop.relay.driver.command;

import io.quickdrop.relay.driver.command.InMemoryCommandStore.Registration;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import io.quickdrop.relay.driver.desktop.InMemoryDesktopRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

class InMemoryCommandStoreTest extends CommandStoreContract {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InMemoryDesktopRegistry desktops = new InMemoryDesktopRegistry("here", now::get);
    private final DesktopRegistry others = desktops.asInstance("there");
    private final InMemoryCommandStore store = new InMemoryCommandStore(
            clientId -> desktops.list().stream()
                    .filter(desktop -> desktop.info().clientId().equals(clientId))
                    .map(desktop -> new Registration(desktop.epoch(), desktop.owner() != null))
                    .findFirst(),
            now::get);

    @Override
    protected CommandStore store() {
        return store;
    }

    @Override
    protected DesktopRegistry desktops() {
        return desktops;
    }

    @Override
    protected CommandStore another() {
        return store;
    }

    @Override
    protected DesktopRegistry desktopsOfAnother() {
        return others;
    }

    @Override
    protected void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    @Override
    protected void listen(CommandWakes listener) {
        store.listen(listener);
    }
}
