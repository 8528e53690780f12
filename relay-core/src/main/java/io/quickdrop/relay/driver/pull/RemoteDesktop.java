package io.quickdrop.relay.driver.pull;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A desktop that registered last at another instance, as the store knows it.
 *
 * @param epoch of that registration
 * @param lastSeen wall clock
 * @param fingerprint of its key, for people to compare; null where it has none
 * @param instanceId the instance that it is connected to; null for none: it is offline
 * @param instanceName of that instance, for people; null with {@code instanceId}
 */
public record RemoteDesktop(
        ClientInfo info,
        Generation generation,
        long epoch,
        Instant lastSeen,
        @Nullable String fingerprint,
        @Nullable String instanceId,
        @Nullable String instanceName) {
    /** @throws IllegalArgumentException if an instance has an id and no name, or a name and no id */
    public RemoteDesktop {
        if ((instanceId == null) != (instanceName == null)) {
            throw new IllegalArgumentException("instanceId " + instanceId + ", instanceName " + instanceName
                    + " of desktop " + info.clientId() + ": allowed are both or neither");
        }
    }

    /** Whether this says nothing new of where it is connected. */
    public boolean isSameRegistration(RemoteDesktop other) {
        return epoch == other.epoch
                && Objects.equals(instanceId, other.instanceId)
                && Objects.equals(instanceName, other.instanceName);
    }

    /** The same desktop, connected nowhere. */
    public RemoteDesktop nowhere(Instant seen) {
        return new RemoteDesktop(info, generation, epoch, seen, fingerprint, null, null);
    }

    /** Its stable name. */
    public String clientId() {
        return info.clientId();
    }
}
