package io.quickdrop.system.faults.link;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** A fault that lasts: the time is the fault itself, and not a wait for anything. */
final class Pause {
    private Pause() {}

    /** Returns when it has passed. */
    static void of(Duration length) {
        await().pollDelay(length).atMost(length.plusMinutes(1)).until(() -> true);
    }
}
