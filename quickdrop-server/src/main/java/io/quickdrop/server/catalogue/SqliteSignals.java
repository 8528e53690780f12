package io.quickdrop.server.catalogue;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Signals of a store that one process has for itself: kept with the transaction, told behind its commit. */
final class SqliteSignals implements Signals {
    private final SignalDesk desk;
    /** Of the transaction that runs; of the writer's thread alone. */
    private final List<Signal> pending = new ArrayList<>();

    private final ThreadLocal<Boolean> writing = ThreadLocal.withInitial(() -> false);

    SqliteSignals(SignalDesk desk) {
        this.desk = desk;
    }

    @Override
    public void signal(Connection connection, String topic, String id) {
        Signals.check(topic, id);
        if (!writing.get()) {
            throw new IllegalStateException("signal " + topic + " " + id + " outside of Catalogue.write");
        }
        pending.add(new Signal(topic, id));
    }

    @Override
    public Subscription listen(Consumer<Signal> listener) {
        return desk.listen(listener);
    }

    /** A transaction begins on this thread; what an earlier one left is void. */
    void begin() {
        writing.set(true);
        pending.clear();
    }

    /** The transaction was committed, or may have been: a signal too many costs a look. */
    void committed() {
        pending.forEach(desk::tell);
        pending.clear();
    }
}
