package io.quickdrop.server.observers;

import io.quickdrop.protocol.ObserverMessage.Instance;
import io.quickdrop.protocol.ObserverMessage.Session;
import io.quickdrop.protocol.ObserverMessage.Store;
import java.util.List;

/**
 * What dashboards are shown of the other instances and of the store that all of them share. Asked on the desk's own
 * thread, also while the store is down: answers what was known last, at once.
 */
public interface ClusterView {
    /** All instances, this one first. */
    List<Instance> instances();

    /** Whether the store answers. */
    Store store();

    /** Recordings that are arriving at other instances. */
    List<Session> sessions();

    /** Addresses of the others that give signs of life. */
    static List<String> elsewhere(List<Instance> instances) {
        return instances.stream()
                .filter(instance -> !instance.self() && instance.state().equals(Instance.ALIVE))
                .map(Instance::url)
                .toList();
    }
}
