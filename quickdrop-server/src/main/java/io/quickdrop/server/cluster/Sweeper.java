package io.quickdrop.server.cluster;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.ChoreTable;
import io.quickdrop.server.catalogue.ChoreTable.Progress;
import io.quickdrop.server.catalogue.ChoreTable.Swept;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clears away what the dead left, one instance at a time. Confined to one thread; calls wait for the store. */
public final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    /** An instance that died is of interest to people for some time; one that was ended is not. */
    private static final Duration SHOWN = Duration.ofHours(1);

    /** Something else that is cleared away at the same time, by the same instance. */
    public interface Chore {
        void run() throws StorageException;
    }

    private final ChoreTable table;
    private final Membership membership;
    private final Chore others;

    /** @param others what else is to be cleared away */
    public Sweeper(ChoreTable table, Membership membership, Chore others) {
        this.table = table;
        this.membership = membership;
        this.others = others;
    }

    /** Clears away if it is time to. To be called every few seconds. */
    public void tick() throws StorageException {
        Progress seen = table.progress();
        Sweep.Verdict verdict = Sweep.decide(seen.now(), seen.done(), seen.notBefore(), membership.hearingSince());
        if (verdict == Sweep.Verdict.WAIT_A_WINDOW) {
            table.wait(membership.incarnation(), seen, Sweep.WINDOW);
        } else if (verdict == Sweep.Verdict.SWEEP) {
            Swept swept = table.sweep(membership.incarnation(), seen, Sweep.WINDOW, SHOWN);
            if (swept.desktops() + swept.instances() > 0) {
                LOG.info(
                        "cleared away: {} instances that are gone, and the places of {} desktops",
                        swept.instances(),
                        swept.desktops());
            }
            others.run();
        }
    }
}
