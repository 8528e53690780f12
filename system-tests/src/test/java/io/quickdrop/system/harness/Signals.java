package io.quickdrop.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes that the tests started. */
public final class Signals {
    private Signals() {}

    /** Sends one; {@code name} is without SIG, as for {@code kill}. */
    public static void send(String name, long pid) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new AssertionError("kill -" + name + " failed with status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
