package io.quickdrop.server;

import io.quickdrop.server.catalogue.Commit;
import io.quickdrop.server.recordings.Disk;
import io.quickdrop.server.recordings.LocalDisk;
import java.time.Clock;

/**
 * What a server relies on and can't trust: a disk fails, a clock jumps. The fault suite puts broken ones here.
 *
 * @param disk where recordings are written
 * @param commit how a transaction of the catalogue reaches the disk
 * @param clock the wall clock
 */
public record Surroundings(Disk disk, Commit commit, Clock clock) {
    /** Those of this machine. */
    public static Surroundings real() {
        return new Surroundings(new LocalDisk(), Commit.real(), Clock.systemUTC());
    }
}
