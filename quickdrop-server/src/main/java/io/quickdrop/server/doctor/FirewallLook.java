package io.quickdrop.server.doctor;

import io.quickdrop.server.doctor.Firewall.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks which firewalls this computer has, without rights and without changing anything. Waits for other programs. */
public final class FirewallLook {
    private static final Logger LOG = LoggerFactory.getLogger(FirewallLook.class);
    private static final Path UFW = Path.of("/etc/ufw/ufw.conf");
    private static final Pattern UFW_ON = Pattern.compile("(?im)^\\s*ENABLED\\s*=\\s*\"?yes");
    private static final String MAC = "/usr/libexec/ApplicationFirewall/socketfilterfw";
    private static final int PATIENCE_SECONDS = 3;

    private FirewallLook() {}

    /** The firewalls of this computer, for a server at {@code port}. */
    public static List<Firewall> at(int port) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return windows(said("netsh", "advfirewall", "show", "currentprofile", "state"));
        }
        if (system.startsWith("mac")) {
            return mac(said(MAC, "--getglobalstate"));
        }
        return linux(port);
    }

    /** @param said by netsh, in whatever language: the state stands for itself in English only */
    static List<Firewall> windows(String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        State state = Pattern.compile("\\boff\\b").matcher(lower).find()
                ? State.OFF
                : Pattern.compile("\\bon\\b").matcher(lower).find() ? State.ON : State.UNKNOWN;
        return List.of(new Firewall(
                "Windows’ firewall",
                state,
                "Windows Security, Firewall, Allow an app: tick Java (or QuickDrop) for private networks, and make sure that this"
                        + " Wi-Fi is set to Private."));
    }

    /** @param said by socketfilterfw */
    static List<Firewall> mac(String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        State state = lower.contains("disabled") || lower.contains("state = 0")
                ? State.OFF
                : lower.contains("enabled") ? State.ON : State.UNKNOWN;
        return List.of(new Firewall(
                "The Mac’s firewall",
                state,
                "System Settings, Network, Firewall, Options: allow incoming connections for Java."));
    }

    private static List<Firewall> linux(int port) {
        List<Firewall> found = new ArrayList<>();
        if (Files.isReadable(UFW)) {
            try {
                boolean on = UFW_ON.matcher(Files.readString(UFW)).find();
                found.add(new Firewall("ufw", on ? State.ON : State.OFF, "sudo ufw allow " + port + "/tcp"));
            } catch (IOException e) {
                LOG.debug("{} can't be read", UFW, e);
            }
        }
        boolean firewalld = ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().command().orElse("").endsWith("firewalld")
                        || process.info().commandLine().orElse("").contains("/firewalld"));
        if (firewalld) {
            found.add(new Firewall("firewalld", State.ON, "sudo firewall-cmd --add-port=" + port + "/tcp"));
        }
        if (found.stream().noneMatch(firewall -> firewall.state() == State.ON) && isFiltering()) {
            found.add(new Firewall(
                    "A packet filter (nftables or iptables)",
                    State.UNKNOWN,
                    "sudo nft list ruleset shows its rules; TCP port " + port + " must be accepted"));
        }
        return found;
    }

    /** The rules themselves are root's to read; that the filter's modules are loaded is not. */
    private static boolean isFiltering() {
        try {
            return Files.readAllLines(Path.of("/proc/modules")).stream()
                    .anyMatch(line -> line.startsWith("nf_tables ") || line.startsWith("iptable_filter "));
        } catch (IOException noSuchFile) {
            return false;
        }
    }

    private static String said(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return new String(process.getInputStream().readNBytes(64 * 1024), StandardCharsets.UTF_8);
        } catch (IOException e) {
            LOG.debug("{} does not run", command[0], e);
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
