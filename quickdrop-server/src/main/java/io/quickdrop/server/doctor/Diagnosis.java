package io.quickdrop.server.doctor;

import io.quickdrop.server.addresses.AddressKind;
import io.quickdrop.server.doctor.Checkup.Answer;
import io.quickdrop.server.doctor.Checkup.Reach;
import io.quickdrop.server.doctor.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What follows from a {@link Checkup}: which of address, firewall, client isolation and certificate is in the way. A phone comes
 * by steps — TCP, TLS, page, code, WebSocket — and the first step that nobody has taken says where to look; that a network keeps its
 * guests apart can only be concluded when nothing else explains that nobody comes.
 *
 * <p>Pure.
 */
public final class Diagnosis {
    private Diagnosis() {}

    /** The findings, the surest first. */
    public static List<Finding> of(Checkup checkup) {
        List<Finding> found = new ArrayList<>();
        Contacts contacts = checkup.contacts();
        List<Reach> outward = checkup.addresses().stream()
                .filter(reach -> reach.kind() != AddressKind.LOOPBACK && reach.kind() != AddressKind.VIRTUAL)
                .toList();
        boolean named = outward.stream().anyMatch(reach -> reach.kind() != AddressKind.NAME);
        if (!named) {
            found.add(noNetwork());
        }
        self(outward, checkup.port(), found);
        if (contacts.sockets() > 0) {
            found.add(new Finding(
                    "through",
                    Severity.OK,
                    "A phone has got through.",
                    "The way is free; scan a new code.",
                    List.of()));
        } else if (contacts.handshakes() > 0) {
            came(contacts, found);
        } else if (contacts.connections() > 0) {
            found.add(certificate(contacts));
        } else if (named) {
            nobodyCame(checkup, outward, found);
        }
        found.sort(Comparator.comparing(Finding::severity).reversed());
        return List.copyOf(found);
    }

    private static Finding noNetwork() {
        return new Finding(
                "address",
                Severity.CERTAIN,
                "This computer is in no network that a phone could share.",
                "It has no address but its own.",
                List.of(
                        "Join the Wi-Fi that the phone is in, or the phone’s hotspot.",
                        "Or connect the phone by USB and switch on tethering."));
    }

    private static void self(List<Reach> outward, int port, List<Finding> found) {
        List<Reach> deaf = outward.stream()
                .filter(reach -> reach.answer() != Answer.GOOD && reach.kind() != AddressKind.NAME)
                .toList();
        if (deaf.isEmpty()) {
            return;
        }
        String hosts = deaf.stream().map(Reach::host).collect(Collectors.joining(", "));
        boolean stranger = deaf.stream().anyMatch(reach -> reach.answer() == Answer.STRANGER);
        found.add(new Finding(
                "self",
                Severity.CERTAIN,
                "Not even this computer gets to itself at " + hosts + ".",
                stranger
                        ? "Something else answers at port " + port + "."
                        : "Nothing answers at port " + port + ": a firewall or a security program holds it back.",
                List.of("Choose another address above.", "Or start the server with another --port.")));
    }

    /** TLS worked, so neither network nor certificate is in the way. */
    private static void came(Contacts contacts, List<Finding> found) {
        if (contacts.hostsRefused() > 0) {
            found.add(new Finding(
                    "host",
                    Severity.CERTAIN,
                    "Somebody asked for this computer under a name that it does not know.",
                    "The name was " + contacts.refusedHost() + ".",
                    List.of("Use the address in the code.", "Or start the server with --name and that name.")));
        }
        if (contacts.socketsRefused() > 0) {
            found.add(new Finding(
                    "websocket",
                    Severity.LIKELY,
                    "A phone opened the page, but its WebSocket did not open.",
                    "Some browsers take a certificate for pages and not for WebSockets, and some networks block them. The page then"
                            + " sends over plain HTTPS.",
                    List.of("Trust this laptop for good, below.", "Reload the page on the phone.")));
        } else if (contacts.pairings() > 0) {
            found.add(new Finding(
                    "code",
                    Severity.LIKELY,
                    "A phone showed a code, but is not connected.",
                    "A code is good once, and for two minutes.",
                    List.of("Scan the code that is on show now.")));
        } else if (contacts.pages() > 0) {
            found.add(new Finding(
                    "code",
                    Severity.LIKELY,
                    "A phone opened the page without a code.",
                    "An address that is typed holds no code, so the phone can’t be paired.",
                    List.of("Scan the code with the phone’s camera.")));
        } else if (contacts.hostsRefused() == 0) {
            found.add(new Finding(
                    "certificate",
                    Severity.HINT,
                    "Somebody came as far as the encryption, and then left.",
                    "Perhaps the browser’s warning about the certificate was not passed.",
                    List.of("On the phone, go on past the warning.")));
        }
    }

    private static Finding certificate(Contacts contacts) {
        boolean refused = contacts.certificateRefused() > 0;
        return new Finding(
                "certificate",
                refused ? Severity.CERTAIN : Severity.LIKELY,
                refused
                        ? "A phone gets here, but does not accept this laptop’s certificate."
                        : "Somebody gets here, but no encrypted connection comes about.",
                refused
                        ? "The network is fine. The certificate is this laptop’s own, which no browser knows beforehand."
                        : "The network is fine. Perhaps the address was opened with http, or by another program.",
                List.of(
                        "On the phone, go on past the browser’s warning: Advanced, then Proceed or Visit this website.",
                        "Or trust this laptop for good, below; on an iPhone both steps are needed."));
    }

    private static void nobodyCame(Checkup checkup, List<Reach> outward, List<Finding> found) {
        List<Firewall> on = checkup.firewalls().stream()
                .filter(firewall -> firewall.state() == Firewall.State.ON)
                .toList();
        for (Firewall firewall : checkup.firewalls()) {
            if (firewall.state() != Firewall.State.OFF) {
                boolean sure = firewall.state() == Firewall.State.ON;
                found.add(new Finding(
                        "firewall",
                        sure ? Severity.LIKELY : Severity.HINT,
                        sure
                                ? firewall.name() + " is on, and nobody has got as far as this program."
                                : firewall.name() + " may hold phones back.",
                        "It must let TCP port " + checkup.port() + " in.",
                        List.of(firewall.remedy())));
            }
        }
        if (outward.stream().anyMatch(reach -> reach.kind() == AddressKind.VPN)) {
            found.add(new Finding(
                    "vpn",
                    Severity.HINT,
                    "A VPN is on.",
                    "Many hide the local network from this computer.",
                    List.of("Switch it off for a while, or allow local networks in its settings.")));
        }
        List<String> cards = outward.stream()
                .filter(reach -> reach.kind() != AddressKind.NAME && reach.kind() != AddressKind.VPN)
                .map(Reach::interfaceName)
                .distinct()
                .toList();
        if (cards.size() > 1) {
            found.add(new Finding(
                    "interfaces",
                    Severity.HINT,
                    "This computer is in " + cards.size()
                            + " networks; the phone may be in another one than the code says.",
                    String.join(", ", cards),
                    List.of("Choose the other address above, and scan again.")));
        }
        found.add(new Finding(
                "isolation",
                on.isEmpty() ? Severity.LIKELY : Severity.HINT,
                "Nobody from the network has got here.",
                "Either the phone is in another network, or this one keeps its devices apart, as guest and hotel Wi-Fi do (client"
                        + " isolation).",
                List.of(
                        "Put phone and laptop into the same network; mobile data does not count.",
                        "If they are: use the phone’s hotspot, or USB tethering, which nothing keeps apart.")));
    }
}
