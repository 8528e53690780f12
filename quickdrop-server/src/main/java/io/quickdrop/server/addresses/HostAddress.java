package io.quickdrop.server.addresses;

/**
 * One way to reach this computer.
 *
 * @param host the name or literal to put into a URL
 * @param interfaceName the system's name of the card behind it; empty for a name
 * @param kind what it hangs on
 * @param preferred whether it is the one to offer first; true for exactly one of a list
 */
public record HostAddress(HostName host, String interfaceName, AddressKind kind, boolean preferred) {
    /** The address of the server's pages on {@code port}. */
    public String url(int port) {
        return "https://" + host.inUrl(port);
    }
}
