package io.quickdrop.server.addresses;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every address that a phone might reach, best first, at one moment. Immutable; look again with {@link #of} to notice
 * that the laptop changed networks (two looks are equal if nothing changed).
 *
 * <p>Order: IPv4 on cards that a phone can share (the one with the default route first, then by kind), IPv6 on those
 * cards, the {@code .local} name, VPNs, virtual cards. IPv4 stands first because it is short enough to type.
 *
 * @param list best first, never empty: without any network it holds loopback alone
 * @param names all names and addresses of this computer, loopback included: what the certificate and the host allowlist
 *     must name
 */
public record ReachableAddresses(List<HostAddress> list, Set<HostName> names) {
    private static final HostName LOCALHOST = new HostName("localhost");
    private static final List<HostName> LOOPBACK = List.of(LOCALHOST, new HostName("127.0.0.1"), new HostName("::1"));

    /** Copies both. */
    public ReachableAddresses {
        list = List.copyOf(list);
        names = Set.copyOf(names);
    }

    /** Looks at the network once; may take as long as the system takes to list its interfaces, some milliseconds. */
    public static ReachableAddresses of(NetworkView network) {
        Optional<HostName> defaultRoute = network.defaultRouteAddress().map(HostName::of);
        List<Candidate> found = new ArrayList<>();
        for (NetworkCard card : network.cards()) {
            for (InetAddress address : card.addresses()) {
                if (isReachable(address)) {
                    HostName host = HostName.of(address);
                    found.add(new Candidate(
                            host,
                            card.name(),
                            AddressKind.of(card, host),
                            defaultRoute.filter(host::equals).isPresent()));
                }
            }
        }
        List<HostName> own = ownNames(network);
        boolean anyDirect = found.stream().anyMatch(candidate -> candidate.kind.isDirect());
        own.stream()
                .filter(name -> anyDirect && name.value().endsWith(".local"))
                .forEach(name -> found.add(new Candidate(name, "", AddressKind.NAME, false)));
        if (found.isEmpty()) {
            found.add(new Candidate(LOCALHOST, "", AddressKind.LOOPBACK, false));
        }
        found.sort(Candidate.BEST_FIRST);

        Set<HostName> names = new LinkedHashSet<>(LOOPBACK);
        names.addAll(own);
        found.forEach(candidate -> names.add(candidate.host));
        return new ReachableAddresses(inOrder(found), names);
    }

    /** The address to offer first. */
    public HostAddress preferred() {
        return list.get(0);
    }

    /** A sentence for the person if no phone can get through; empty if one may. */
    public Optional<String> problem() {
        return switch (preferred().kind()) {
            case LOOPBACK ->
                Optional.of("This computer is in no network, so no phone can reach it: "
                        + "join a Wi-Fi, or the phone's hotspot, and the addresses appear here.");
            case VPN, VIRTUAL ->
                Optional.of("This computer has only VPN and virtual addresses, which phones rarely reach: "
                        + "join the phone's Wi-Fi or its hotspot.");
            default -> Optional.empty();
        };
    }

    private static List<HostAddress> inOrder(List<Candidate> sorted) {
        List<HostAddress> list = new ArrayList<>();
        Set<HostName> seen = new LinkedHashSet<>();
        for (Candidate candidate : sorted) {
            if (seen.add(candidate.host)) {
                list.add(new HostAddress(candidate.host, candidate.interfaceName, candidate.kind, list.isEmpty()));
            }
        }
        return list;
    }

    /** Link-local addresses need a zone that differs per device, so they can't stand in a URL for another one. */
    private static boolean isReachable(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress();
    }

    private static List<HostName> ownNames(NetworkView network) {
        return network.hostName().flatMap(HostName::parse).stream()
                .filter(name -> !name.isAddress() && !name.equals(LOCALHOST))
                .filter(name -> !name.value().startsWith("localhost."))
                .flatMap(ReachableAddresses::withLocalName)
                .distinct()
                .toList();
    }

    /** Multicast DNS announces the first label alone (RFC 6762 section 3). */
    private static Stream<HostName> withLocalName(HostName name) {
        int dot = name.value().indexOf('.');
        String label = dot < 0 ? name.value() : name.value().substring(0, dot);
        return Stream.concat(Stream.of(name), HostName.parse(label + ".local").stream());
    }

    private record Candidate(HostName host, String interfaceName, AddressKind kind, boolean onDefaultRoute) {
        static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::tier)
                .thenComparing(candidate -> candidate.host.isIpv6())
                .thenComparing(candidate -> !candidate.onDefaultRoute)
                .thenComparing(Candidate::kind)
                .thenComparing(Candidate::interfaceName)
                .thenComparing(candidate -> candidate.host.value());

        /** A default route through a VPN must not win over the Wi-Fi that the phone is in. */
        private AddressKind tier() {
            return kind.isDirect() ? AddressKind.WIFI : kind;
        }
    }
}
