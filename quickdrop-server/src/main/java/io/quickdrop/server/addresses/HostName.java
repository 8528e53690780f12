package io.quickdrop.server.addresses;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A DNS name or IP literal in the one spelling that browsers use: lower case, IPv6 as in RFC 5952 without brackets and
 * zone. Never asks a resolver.
 *
 * @param value the spelling, for example {@code 192.168.1.5}, {@code fd00::1}, {@code laptop.local}
 */
public record HostName(String value) {
    /** RFC 1123 names; the underscore is no host name in a certificate (CA/Browser Forum ballot SC12). */
    private static final Pattern DNS_NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    /** A name whose last label is numeric is read as an IPv4 address by browsers, or refused (WHATWG URL). */
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");

    /** @throws IllegalArgumentException if {@code value} is not in the one spelling; use {@link #parse} for others */
    public HostName {
        if (!canonical(value).filter(value::equals).isPresent()) {
            throw new IllegalArgumentException(
                    "host '" + value + "': allowed are a DNS name in lower case or an IP address without brackets");
        }
    }

    /** Reads a name or literal in any spelling; empty if {@code text} is neither. A zone ({@code %eth0}) is cut off. */
    public static Optional<HostName> parse(String text) {
        return canonical(text).map(HostName::new);
    }

    /** The name of an address, without its zone. */
    public static HostName of(InetAddress address) {
        return new HostName(text(address.getAddress()));
    }

    /** Whether this is an IP literal and not a DNS name. */
    public boolean isAddress() {
        return isIpv6() || NetUtil.isValidIpV4Address(value);
    }

    /** Whether this is an IPv6 literal. */
    public boolean isIpv6() {
        return value.indexOf(':') >= 0;
    }

    /** As it stands in a URL: IPv6 in brackets. */
    public String inUrl() {
        return isIpv6() ? "[" + value + "]" : value;
    }

    /** As it stands in a URL and in the Host and Origin headers: 443 is left out. */
    public String inUrl(int port) {
        return port == 443 ? inUrl() : inUrl() + ":" + port;
    }

    private static Optional<String> canonical(String text) {
        if (text.startsWith("[")) {
            return Optional.empty();
        }
        if (text.indexOf(':') >= 0 || NetUtil.isValidIpV4Address(text)) {
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
            return bytes == null ? Optional.empty() : Optional.of(text(bytes));
        }
        String lower = text.toLowerCase(Locale.ROOT);
        boolean isName = DNS_NAME.matcher(lower).matches()
                && !ENDS_IN_NUMBER.matcher(lower).matches();
        return isName ? Optional.of(lower) : Optional.empty();
    }

    private static String text(byte[] address) {
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            throw new AssertionError("an IP address has 4 or 16 bytes, not " + address.length, e);
        }
    }
}
