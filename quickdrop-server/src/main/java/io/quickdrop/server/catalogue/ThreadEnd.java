package io.quickdrop.server.catalogue;

/** Waiting for a thread that was told to end. */
final class ThreadEnd {
    private ThreadEnd() {}

    /** Returns when the thread has ended, and not before; an interrupt meanwhile is kept for the caller. */
    static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
