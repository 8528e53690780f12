package io.quickdrop.server.access;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Address literals without checked exceptions. */
final class TestAddresses {
    private TestAddresses() {}

    static InetAddress of(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal + " is no address literal", e);
        }
    }
}
