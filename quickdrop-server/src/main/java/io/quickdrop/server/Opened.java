package io.quickdrop.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server has opened, to be closed again in reverse order: when it stops, or when it can't start. Confined to the
 * thread that starts it until it has started.
 */
final class Opened implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** Closes {@code resource} with the others. */
    <T extends AutoCloseable> T keep(T resource) {
        resources.push(resource);
        return resource;
    }

    /** Shuts {@code executor} down with the others; what runs may end. */
    <T extends ExecutorService> T keepRunning(T executor) {
        resources.push(executor::shutdown);
        return executor;
    }

    @Override
    public void close() {
        while (!resources.isEmpty()) {
            AutoCloseable resource = resources.pop();
            try {
                resource.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("closing failed; everything acknowledged is on the disk: {}", e.toString());
            }
        }
    }
}
