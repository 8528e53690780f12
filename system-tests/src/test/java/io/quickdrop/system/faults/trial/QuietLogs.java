package io.quickdrop.system.faults.trial;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** While it is open, this process does not print the failures that its tests make: thousands of warnings with traces. */
public final class QuietLogs implements AutoCloseable {
    private final List<Logger> quiet = Stream.of("io.quickdrop.relay", "io.quickdrop.server")
            .map(name -> (Logger) LoggerFactory.getLogger(name))
            .toList();

    /** Quiet from now on, but for errors. */
    public QuietLogs() {
        quiet.forEach(logger -> logger.setLevel(Level.ERROR));
    }

    @Override
    public void close() {
        quiet.forEach(logger -> logger.setLevel(null));
    }
}
