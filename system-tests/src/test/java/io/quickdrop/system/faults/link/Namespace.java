package io.quickdrop.system.faults.link;

import io.quickdrop.system.faults.trial.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Another machine on this one: a network namespace of Linux, and a cable to it that can be unplugged. Needs root. */
final class Namespace implements AutoCloseable {
    private final String name;
    private final String ourEnd;
    private final String theirEnd;
    private final String ourAddress;

    private Namespace(int number) {
        name = "qd-link-" + number;
        ourEnd = "qd-here-" + number;
        theirEnd = "qd-there-" + number;
        ourAddress = "10.213." + number + ".1";
    }

    /** Whether this user may make one here. */
    static boolean isPossible() {
        String probe = "qd-probe-" + ProcessHandle.current().pid();
        boolean possible = Command.run("ip", "netns", "add", probe).worked();
        if (possible) {
            Command.must("ip", "netns", "delete", probe);
        }
        return possible;
    }

    /** Makes one, and plugs the cable in. */
    static Namespace make(Random random) {
        Namespace made = new Namespace(1 + random.nextInt(250));
        Command.must("ip", "netns", "add", made.name);
        try {
            Command.must(
                    "ip",
                    "link",
                    "add",
                    made.ourEnd,
                    "type",
                    "veth",
                    "peer",
                    "name",
                    made.theirEnd,
                    "netns",
                    made.name);
            Command.must("ip", "address", "add", made.ourAddress + "/24", "dev", made.ourEnd);
            Command.must("ip", "link", "set", made.ourEnd, "up");
            made.inside("ip", "address", "add", made.ourAddress.replaceAll("1$", "2/24"), "dev", made.theirEnd);
            made.inside("ip", "link", "set", "lo", "up");
            made.inside("ip", "link", "set", made.theirEnd, "up");
            return made;
        } catch (AssertionError e) {
            made.close();
            throw e;
        }
    }

    /** Where the other machine finds this one. */
    String ourAddress() {
        return ourAddress;
    }

    /** A command line that runs on the other machine. */
    List<String> command(List<String> words) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
        command.addAll(words);
        return command;
    }

    /** Unplugs the cable, or plugs it in again: nobody is told, and nothing is reset. */
    void plug(boolean ourSide, boolean in) {
        if (ourSide) {
            Command.must("ip", "link", "set", ourEnd, in ? "up" : "down");
        } else {
            inside("ip", "link", "set", theirEnd, in ? "up" : "down");
        }
    }

    private void inside(String... words) {
        Command.must(command(List.of(words)).toArray(String[]::new));
    }

    /** Takes it down, with the cable. */
    @Override
    public void close() {
        Command.run("ip", "link", "delete", ourEnd);
        Command.must("ip", "netns", "delete", name);
    }
}
