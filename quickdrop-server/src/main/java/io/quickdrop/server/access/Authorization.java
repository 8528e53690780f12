package io.quickdrop.server.access;

import io.quickdrop.protocol.Subprotocol;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides who a request comes from. A token that is shown decides, right or wrong; without one, loopback is the
 * operator (who can read the operator's token from the disk anyway).
 *
 * <p>Host and Origin are judged apart, by {@link HostAllowlist}: on loopback they are what keeps foreign pages out.
 * Safe on any thread; a shown token waits for the device register.
 */
public final class Authorization {
    /** RFC 6750 section 2.1; the scheme's case doesn't matter (RFC 9110 section 11.1). */
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(?<token>[A-Za-z0-9._~+/-]+=*) *");

    /** Longer ones are none of ours; the limit spares hashing them. */
    private static final int MAX_TOKEN_CHARS = 200;

    private final OperatorToken operatorToken;
    private final DeviceKeys deviceKeys;
    private final Fellowship fellowship;

    /** Knows the operator and the paired devices. */
    public Authorization(OperatorToken operatorToken, DeviceKeys deviceKeys) {
        this(operatorToken, deviceKeys, Fellowship.NONE);
    }

    /** Knows the operator, the paired devices and the other instances. */
    public Authorization(OperatorToken operatorToken, DeviceKeys deviceKeys, Fellowship fellowship) {
        this.operatorToken = operatorToken;
        this.deviceKeys = deviceKeys;
        this.fellowship = fellowship;
    }

    /**
     * Judges one request or upgrade.
     *
     * @param remote the address of the socket's other end, never one taken from a header
     * @param authorization the Authorization header; null if missing
     * @param subprotocols the Sec-WebSocket-Protocol header of an upgrade; null if missing or no upgrade
     */
    public Identity identify(InetAddress remote, @Nullable String authorization, @Nullable String subprotocols) {
        if (authorization != null) {
            Optional<String> instance = fellowship.instance(authorization);
            if (instance.isPresent()) {
                return new Identity(new Principal.Instance(instance.get()), true);
            }
            Principal shown = bearer(authorization)
                    .map(this::owner)
                    .orElse(new Principal.Anonymous(Principal.Reason.UNKNOWN_TOKEN));
            return new Identity(shown, shown.mayUpload());
        }
        Optional<String> inSubprotocol = Optional.ofNullable(subprotocols).flatMap(Authorization::subprotocolToken);
        if (inSubprotocol.isPresent()) {
            Optional<String> issuer = fellowship.ticket(inSubprotocol.get());
            if (issuer.isPresent()) {
                return new Identity(new Principal.Guest(issuer.get()), false);
            }
            return new Identity(owner(inSubprotocol.get()), false);
        }
        Principal silent = remote.isLoopbackAddress()
                ? new Principal.Operator()
                : new Principal.Anonymous(Principal.Reason.NO_CREDENTIALS);
        return new Identity(silent, false);
    }

    /** Whether another instance sent this header; its requests are not counted as a stranger's. */
    public boolean isInstance(@Nullable String authorization) {
        return authorization != null && fellowship.instance(authorization).isPresent();
    }

    /** Whether a key, a token or a ticket stands in the subprotocols; then it alone decides who that is. */
    public static boolean isShown(@Nullable String subprotocols) {
        return subprotocols != null && subprotocolToken(subprotocols).isPresent();
    }

    /** Whether pages of this Origin may bring guests here. */
    public boolean isInstanceOrigin(@Nullable String origin) {
        return origin != null && fellowship.isOrigin(origin);
    }

    private Principal owner(String token) {
        if (token.length() > MAX_TOKEN_CHARS) {
            return new Principal.Anonymous(Principal.Reason.UNKNOWN_TOKEN);
        }
        if (operatorToken.matches(token)) {
            return new Principal.Operator();
        }
        return deviceKeys
                .recognise(token)
                .map(Authorization::device)
                .orElse(new Principal.Anonymous(Principal.Reason.UNKNOWN_TOKEN));
    }

    private static Principal device(PairedDevice device) {
        return device.revoked()
                ? new Principal.Anonymous(Principal.Reason.REVOKED)
                : new Principal.Device(device.id(), device.name());
    }

    private static Optional<String> bearer(String header) {
        Matcher match = BEARER.matcher(header);
        return match.matches() ? Optional.of(match.group("token")) : Optional.empty();
    }

    private static Optional<String> subprotocolToken(String header) {
        return Stream.of(header.split(",", -1))
                .map(String::strip)
                .filter(name -> name.startsWith(Subprotocol.TOKEN_PREFIX))
                .map(name -> name.substring(Subprotocol.TOKEN_PREFIX.length()))
                .findFirst();
    }

    /**
     * Who it is, and how that was shown.
     *
     * @param principal who
     * @param byBearer whether a valid token came in the Authorization header, which excuses a missing Origin
     */
    public record Identity(Principal principal, boolean byBearer) {}
}
