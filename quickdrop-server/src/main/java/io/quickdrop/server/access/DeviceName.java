package io.quickdrop.server.access;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** How devices are named to the relay and in the catalogue: stable, and different for different kinds. */
public final class DeviceName {
    /** Whoever has the operator's token: the command line. */
    public static final String OPERATOR = "operator";
    /** Any v1 phone: that generation has no identities. */
    public static final String V1 = "v1";
    /** Before the id of a paired phone. */
    public static final String PAIRED_PREFIX = "device:";

    /** Before the remote party of a desktop's agent, which proves itself later. */
    private static final String AGENT_PREFIX = "agent@";

    private static final String INSTANCE_PREFIX = "instance:";

    private DeviceName() {}

    /** The name of an agent that nothing is known of but where it comes from; tries are counted under it. */
    public static String agentAt(InetAddress remote) {
        return AGENT_PREFIX + RemoteNetwork.of(remote);
    }

    /** The name of another instance, and of whom it sent here. */
    public static String instance(String name) {
        return INSTANCE_PREFIX + name;
    }

    /** The name of a paired phone. */
    public static String of(PairedDevice device) {
        return of(device.id());
    }

    /** The name of the paired phone with this id. */
    public static String of(String pairedId) {
        return PAIRED_PREFIX + pairedId;
    }

    /** How an instance says in whose name it speaks, once it has shown that it is one: a name as these. */
    public static final String HEADER = "QuickDrop-Device";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9:@._ -]{1,100}");

    /** Whether it could be a device's name. */
    public static boolean isValid(String name) {
        return FORM.matcher(name).matches();
    }
}
