package io.quickdrop.server.access;

/** Who stands behind a request or connection. What it may do is asked of it here and nowhere else. */
public sealed interface Principal {
    /** The person at the laptop, or who has its token: everything. */
    record Operator() implements Principal {}

    /**
     * A paired phone: may upload, and see what it uploads itself.
     *
     * @param id as in the register
     * @param name for people
     */
    record Device(String id, String name) implements Principal {}

    /**
     * Another instance of the same store: may pull desktops, and use the endpoints that are marked for instances.
     *
     * @param name for people
     */
    record Instance(String name) implements Principal {}

    /**
     * A viewer that another instance sent here with a ticket: may watch.
     *
     * @param instance the name of that instance
     */
    record Guest(String instance) implements Principal {}

    /** Somebody else: may load the pages and try to pair. */
    record Anonymous(Reason reason) implements Principal {}

    /** Why somebody is nobody. */
    enum Reason {
        /** Nothing was shown. */
        NO_CREDENTIALS,
        /** A token was shown that nobody has: on a WebSocket close 4401. */
        UNKNOWN_TOKEN,
        /** The key of a device that was revoked: on a WebSocket close 4403. */
        REVOKED
    }

    /** Whether it may use dashboard, API and observer messages. */
    default boolean mayOperate() {
        return this instanceof Operator;
    }

    /** Whether it may upload. */
    default boolean mayUpload() {
        return this instanceof Operator || this instanceof Device;
    }

    /** Whether it may see desktops. */
    default boolean mayWatch() {
        return this instanceof Operator || this instanceof Guest || this instanceof Instance;
    }

    /** Whether it may have desktops do something; seeing is not controlling. */
    default boolean mayControl() {
        return this instanceof Operator;
    }

    /** As it stands in the audit log; holds no secret. */
    default String inAuditLog() {
        if (this instanceof Device device) {
            return "device:" + device.id();
        }
        if (this instanceof Instance instance) {
            return "instance:" + instance.name();
        }
        if (this instanceof Guest guest) {
            return "guest of " + guest.instance();
        }
        return this instanceof Operator ? "operator" : "anonymous";
    }
}
