package io.quickdrop.agent;

import io.quickdrop.agent.console.AgentConsole;
import io.quickdrop.agent.identity.IdentityException;
import io.quickdrop.agent.identity.KnownServers;
import io.quickdrop.agent.link.FirstContact;
import io.quickdrop.agent.link.Row;
import io.quickdrop.agent.link.Server;
import io.quickdrop.relay.link.Backoff;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.ServerPin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Finds out which key the server must have. A server that is met for the first time is believed only if a person says so, or
 * if it runs on this very machine: whoever sits between would see the screen, and the code.
 */
final class Introduction {
    private final AgentOptions options;
    private final KnownServers known;
    private final AgentConsole console;

    Introduction(AgentOptions options, KnownServers known, AgentConsole console) {
        this.options = options;
        this.known = known;
        this.console = console;
    }

    /**
     * The servers to go to, each with the key to insist on; none only for one without TLS, which can only be on this machine.
     * At least one: a first one that is not known yet is waited for, and introduced. Another that is not known is left out until
     * a known one names it, or there is a {@code --pin} for it.
     */
    List<Server> servers() throws AgentFailure, IdentityException, InterruptedException {
        List<Server> servers = new ArrayList<>();
        List<ServerAddress> unknown = new ArrayList<>();
        for (int i = 0; i < options.servers().size(); i++) {
            ServerAddress address = options.servers().get(i);
            Optional<ServerPin> pin = i < options.pins().size()
                    ? Optional.of(given(address, options.pins().get(i)))
                    : known.pin(address.web().getAuthority());
            if (pin.isPresent() || !address.isSecure()) {
                servers.add(new Server(address, pin.orElse(null)));
            } else {
                unknown.add(address);
            }
        }
        if (servers.isEmpty()) {
            ServerAddress first = unknown.remove(0);
            servers.add(new Server(first, introduce(first)));
        }
        for (ServerAddress address : unknown) {
            console.note(
                    "The key of " + address + " is not known yet: it is left out until another server names it, or "
                            + "start with a --pin for it.");
        }
        return servers;
    }

    private ServerPin given(ServerAddress address, ServerPin pin) throws IdentityException {
        Optional<ServerPin> remembered = known.pin(address.web().getAuthority());
        if (remembered.isPresent() && !remembered.get().equals(pin)) {
            console.note("The key given by --pin replaces the one that was known for " + address + ".");
        }
        return pin;
    }

    private ServerPin introduce(ServerAddress server) throws AgentFailure, InterruptedException {
        ServerPin shown = look(server);
        console.note("The server at " + server.web().getAuthority() + " shows the key " + shown + ".");
        if (server.isOwnMachine() || personAgrees()) {
            return shown;
        }
        throw new AgentFailure(
                ExitCode.SERVER_KEY,
                "the server at " + server.web().getAuthority()
                        + " is not known here, and nothing was sent to it. Compare its "
                        + "key with the one on its dashboard; if they are the same, add: --pin " + shown);
    }

    private ServerPin look(ServerAddress server) throws InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                return FirstContact.look(server);
            } catch (IOException e) {
                Duration wait = backoff.next(ThreadLocalRandom.current().nextDouble());
                console.note(String.format(
                        Locale.ROOT,
                        "%s can't be reached (%s); trying again in %.1f s.",
                        server,
                        e.getMessage(),
                        wait.toMillis() / 1000.0));
                TimeUnit.NANOSECONDS.sleep(wait.toNanos());
            }
        }
    }

    private boolean personAgrees() {
        if (!AgentConsole.isTerminal()) {
            return false;
        }
        console.note("Is it the key on the server's dashboard? [y/N]");
        try {
            BufferedReader person = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
            String answer = person.readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException e) {
            return false; // whoever can't answer does not agree
        }
    }

    /** What to tell when another key answered. */
    static String changed(Row.OtherKey other) {
        return "the server at " + other.server().authority()
                + " shows another key than the one that is known for it, so nothing"
                + " was sent to it. Either somebody sits between, or the server was set up anew. Compare with its dashboard;"
                + " if that shows " + other.shown() + ", start once with: --pin " + other.shown();
    }
}
