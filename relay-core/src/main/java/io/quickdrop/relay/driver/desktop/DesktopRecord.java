package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.threads.SerialInbox;
import org.jspecify.annotations.Nullable;

/**
 * What the registry keeps of one desktop. Its calls are made one at a time and in order, so that a newer registration is
 * always stored behind an older one. Safe on any thread.
 */
final class DesktopRecord {
    private static final System.Logger LOG = System.getLogger(DesktopRecord.class.getName());

    /** Told what became of a registration. */
    interface Stored {
        void done(long epoch, @Nullable Exception failure);
    }

    private final DesktopRelay relay;
    private final String clientId;
    private final SerialInbox<Runnable> calls;
    private volatile boolean removed;

    DesktopRecord(DesktopRelay relay, String clientId) {
        this.relay = relay;
        this.clientId = clientId;
        this.calls = new SerialInbox<>(relay.blocking(), Runnable::run);
    }

    /** Stores that the desktop registers; refused once it is being removed. */
    void register(ClientInfo info, Generation generation, Stored then) {
        calls.add(() -> {
            try {
                if (removed) {
                    throw new StorageException(
                            StorageException.Kind.FAILED, "desktop " + clientId + " is being removed");
                }
                then.done(relay.registry().register(info, generation), null);
            } catch (StorageException | RuntimeException failure) {
                then.done(0, failure);
            }
        });
    }

    /** Stores that it was there until now; if that fails, with the next heartbeat of all. */
    void left(long epoch) {
        calls.add(() -> {
            try {
                relay.registry().left(clientId, epoch);
            } catch (StorageException | RuntimeException failure) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "desktop " + clientId + ": that it left is not stored yet",
                        failure);
                relay.heartbeats().leftLater(clientId, epoch);
            }
        });
    }

    void remove() {
        removed = true;
        calls.add(() -> {
            try {
                relay.registry().remove(clientId);
            } catch (StorageException | RuntimeException failure) {
                LOG.log(System.Logger.Level.ERROR, "desktop " + clientId + " could not be removed", failure);
            }
        });
    }
}
