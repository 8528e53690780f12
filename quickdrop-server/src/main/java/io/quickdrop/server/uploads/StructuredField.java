package io.quickdrop.server.uploads;

import io.netty.handler.codec.http.HttpHeaders;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.server.http.HttpProblem;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The few kinds of structured fields (RFC 9651) that uploads use. A value of another form is as if it were missing. */
final class StructuredField {
    /** Section 3.3.1: at most 15 digits. */
    private static final Pattern INTEGER = Pattern.compile(" *(\\d{1,15}) *(;.*)?");

    private static final Pattern BOOLEAN = Pattern.compile(" *\\?([01]) *(;.*)?");

    private StructuredField() {}

    /** A whole number from 0 on. */
    static OptionalLong integer(HttpHeaders headers, String name) {
        Matcher match = INTEGER.matcher(only(headers, name));
        return match.matches() ? OptionalLong.of(Long.parseLong(match.group(1))) : OptionalLong.empty();
    }

    /** A truth value. */
    static Optional<Boolean> truth(HttpHeaders headers, String name) {
        Matcher match = BOOLEAN.matcher(only(headers, name));
        return match.matches() ? Optional.of(match.group(1).equals("1")) : Optional.empty();
    }

    /** One digest of a digest field (RFC 9530 section 2), if it names {@code algorithm}. */
    static Optional<byte[]> digest(HttpHeaders headers, String name, String algorithm, int bytes) throws HttpProblem {
        Pattern member = Pattern.compile("(?:^|,) *" + Pattern.quote(algorithm) + "=:([A-Za-z0-9+/]*={0,2}):");
        Matcher match = member.matcher(String.join(",", headers.getAll(name)));
        if (!match.find()) {
            return Optional.empty();
        }
        try {
            byte[] digest = Base64.getDecoder().decode(match.group(1));
            if (digest.length == bytes) {
                return Optional.of(digest);
            }
        } catch (IllegalArgumentException notBase64) {
            // told below
        }
        throw UploadProblem.of(
                400,
                ErrorReason.BAD_FIELD + name,
                "allowed is " + algorithm + "=:…: with " + bytes + " bytes in base64 between the colons");
    }

    private static String only(HttpHeaders headers, String name) {
        List<String> values = headers.getAll(name);
        return values.size() == 1 ? values.get(0) : "";
    }
}
