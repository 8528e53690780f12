package io.quickdrop.server.cluster;

import java.util.List;
import java.util.Optional;

/** Who serves on this store, as read last: answers at once, also while the store is away. Safe on any thread. */
public interface Instances {
    /** This one's id. */
    String selfId();

    /** All, this one as well, and those that have gone not long ago; by name. */
    List<Member> list();

    /** One of them. */
    default Optional<Member> find(String id) {
        return list().stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /** Another one that has neither said goodbye nor was declared dead. */
    default Optional<Member> other(String id) {
        return find(id).filter(member -> !member.self() && member.state().isMember());
    }

    /** Whether an instance is a member now: this one, or one that has neither said goodbye nor was declared dead. */
    default boolean isMember(String id) {
        return find(id).filter(member -> member.state().isMember()).isPresent();
    }
}
