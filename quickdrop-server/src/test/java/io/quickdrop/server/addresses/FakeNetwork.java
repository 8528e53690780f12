package io.quickdrop.server.addresses;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A network of which the test decides everything. */
final class FakeNetwork implements NetworkView {
    private final List<NetworkCard> cards = new ArrayList<>();
    private @Nullable String defaultRoute;
    private @Nullable String hostName;

    FakeNetwork card(String name, String displayName, String... addresses) {
        cards.add(new NetworkCard(
                name,
                displayName,
                false,
                false,
                Stream.of(addresses).map(FakeNetwork::address).toList()));
        return this;
    }

    FakeNetwork card(String name, String address) {
        return card(name, name, address);
    }

    FakeNetwork defaultRoute(String address) {
        defaultRoute = address;
        return this;
    }

    FakeNetwork hostName(String name) {
        hostName = name;
        return this;
    }

    @Override
    public List<NetworkCard> cards() {
        return cards;
    }

    @Override
    public Optional<InetAddress> defaultRouteAddress() {
        return Optional.ofNullable(defaultRoute).map(FakeNetwork::address);
    }

    @Override
    public Optional<String> hostName() {
        return Optional.ofNullable(hostName);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal + " is no address literal", e);
        }
    }
}
