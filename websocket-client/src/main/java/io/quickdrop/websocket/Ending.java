package io.quickdrop.websocket;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Subprotocol;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ended, or failed to begin, in the terms of the protocol: the library's own codes and exceptions say
 * neither what a person needs to know nor whether trying again could help.
 *
 * @param code of RFC 6455 or of ours; {@code 1006} where the connection broke or was never made, which may pass
 * @param reason for people
 */
public record Ending(int code, String reason) {
    /** RFC 6455 section 7.1.5: the connection is gone without a close frame. Never on the wire. */
    private static final int BROKEN = 1006;

    private static final Pattern HTTP_STATUS = Pattern.compile("status code received: (\\d{3})");

    /**
     * Translates what the library tells.
     *
     * @param opened whether the WebSocket handshake had succeeded
     * @param failure the last exception that the library reported
     */
    static Ending of(boolean opened, int code, @Nullable String reason, @Nullable Exception failure) {
        String said = reason == null ? "" : reason;
        if (opened) {
            boolean broke = code < 1000 || code == BROKEN;
            if (broke && failure != null) {
                said = "the connection broke: " + failure.getMessage();
            }
            return new Ending(broke ? BROKEN : code, said.isEmpty() ? words(broke, code) : said);
        }
        if (failure != null) {
            return ofFailure(failure);
        }
        Matcher status = HTTP_STATUS.matcher(said);
        if (status.find()) {
            return ofStatus(Integer.parseInt(status.group(1)));
        }
        if (said.contains("refuses handshake")) {
            return new Ending(CloseCode.POLICY.code(), "it does not speak " + Subprotocol.V2);
        }
        return new Ending(BROKEN, said.isEmpty() ? "the connection broke before it was open" : said);
    }

    private static String words(boolean broke, int code) {
        return broke ? "the connection broke" : "the server closed it with code " + code;
    }

    private static Ending ofFailure(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                String words = String.valueOf(cause.getMessage());
                return new Ending(
                        WebSocketConnector.CERTIFICATE_REFUSED,
                        words.startsWith("PKIX path building failed")
                                ? "it was issued by an authority that is not known here"
                                : words);
            }
        }
        String words = String.valueOf(failure.getMessage());
        if (failure instanceof UnknownHostException) {
            words = "no such host";
        } else if (failure instanceof SocketTimeoutException) {
            words = "no answer in time";
        } else if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            words = "nobody answers there: " + words;
        } else if (failure instanceof SSLException) {
            words = "no TLS connection: " + words;
        }
        return new Ending(BROKEN, words);
    }

    private static Ending ofStatus(int status) {
        // RFC 9110 section 15.5.20: our server's answer to a Host that is none of its own.
        String words = status == 421
                ? "the server does not answer to this name; use an address that its dashboard lists, or start it with --name (HTTP status 421)"
                : "HTTP status " + status;
        if (status == 401) {
            return new Ending(CloseCode.NOT_AUTHENTICATED.code(), words);
        } else if (status == 403) {
            return new Ending(CloseCode.FORBIDDEN.code(), words);
        }
        boolean mayPass = status >= 500 || status == 408 || status == 429;
        return new Ending(mayPass ? BROKEN : CloseCode.POLICY.code(), words);
    }
}
