package io.quickdrop.agent.identity;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** What this machine is called, and the id made of it. */
public final class DesktopName {
    /** What an id may look like, as the protocol says. */
    public static final String ID_PATTERN = "[A-Za-z0-9._-]{1,64}";

    private static final int MAX_HOST_CHARS = 48;
    private static final int KEY_CHARS = 6;

    private DesktopName() {}

    /** The host's name without its domain; {@code desktop} if it has none. */
    public static String host(Map<String, String> environment) {
        String found = environment.getOrDefault("COMPUTERNAME", environment.getOrDefault("HOSTNAME", ""));
        if (found.isBlank()) {
            try {
                found = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                found = ""; // then it is called by the fallback below
            }
        }
        String cleaned = clean(found);
        return cleaned.isEmpty() ? "desktop" : cleaned;
    }

    /** The usual id: the host's name, and enough of the key that two machines of one name differ. */
    public static String id(String host, String fingerprint) {
        return host + "-" + fingerprint.replace("-", "").substring(0, KEY_CHARS);
    }

    private static String clean(String host) {
        String first = host.matches("[0-9.]+|.*:.*") ? host : host.split("\\.", 2)[0];
        String cleaned = first.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+|-+$", "");
        return cleaned.substring(0, Math.min(cleaned.length(), MAX_HOST_CHARS));
    }
}
