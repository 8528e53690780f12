package io.quickdrop.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Ends what the demo started, should the demo itself be killed: a small process that waits for the end of a pipe. Only where there
 * is a shell; elsewhere, a killed demo leaves its processes behind. Safe on any thread.
 */
final class Undertaker {
    /** Remembers the last of each name; QUIT ends PostgreSQL at once, and what it committed is on the disk. */
    private static final String SCRIPT = "trap '' INT TERM HUP; pids=; database=;"
            + " while read -r what pid; do case $what in database) database=$pid;; *) pids=\"$pids $pid\";; esac; done;"
            + " for pid in $pids; do kill -TERM $pid; done; sleep 1; for pid in $pids; do kill -KILL $pid; done;"
            + " if [ -n \"$database\" ]; then kill -QUIT $database;"
            + " n=0; while kill -0 $database && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done; fi;"
            + " [ -z \"$0\" ] || rm -rf \"$0\"";

    private final @Nullable OutputStream pipe;

    /** @param folder to be removed at the end; null to leave it */
    Undertaker(@Nullable Path folder) {
        pipe = open(folder);
    }

    private static @Nullable OutputStream open(@Nullable Path folder) {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return null;
        }
        try {
            return new ProcessBuilder("sh", "-c", SCRIPT, folder == null ? "" : folder.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream();
        } catch (IOException noShell) {
            return null;
        }
    }

    /** PostgreSQL's first process. */
    void database(long pid) {
        tell("database " + pid);
    }

    /** A process that was started. */
    void process(long pid) {
        tell("process " + pid);
    }

    private synchronized void tell(String line) {
        if (pipe != null) {
            try {
                pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
                pipe.flush();
            } catch (IOException gone) {
                // then a killed demo leaves this one behind
            }
        }
    }
}
