package io.quickdrop.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.addresses.AddressKind;
import io.quickdrop.server.doctor.Checkup.Answer;
import io.quickdrop.server.doctor.Checkup.Reach;
import io.quickdrop.server.doctor.Finding.Severity;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which facts lead to which finding. */
final class DiagnosisTest {
    private static final Reach WIFI = new Reach("192.168.1.5", "wlan0", AddressKind.WIFI, Answer.GOOD);
    private static final Reach CABLE = new Reach("10.0.0.7", "eth0", AddressKind.ETHERNET, Answer.GOOD);
    private static final Reach SIX = new Reach("fd00::2", "wlan0", AddressKind.WIFI, Answer.GOOD);
    private static final Reach DEAF = new Reach("192.168.1.5", "wlan0", AddressKind.WIFI, Answer.NOTHING);
    private static final Reach VPN = new Reach("10.8.0.2", "tun0", AddressKind.VPN, Answer.GOOD);
    private static final Reach SELF = new Reach("localhost", "lo", AddressKind.LOOPBACK, Answer.GOOD);
    private static final Firewall ON = new Firewall("ufw", Firewall.State.ON, "sudo ufw allow 8443/tcp");
    private static final Firewall OFF = new Firewall("ufw", Firewall.State.OFF, "sudo ufw allow 8443/tcp");
    private static final Firewall PERHAPS = new Firewall("A packet filter", Firewall.State.UNKNOWN, "look");

    private static Contacts contacts(
            int tcp, int certificate, int tls, int hosts, int pages, int pairings, int sockets, int refused) {
        return new Contacts(
                tcp,
                certificate,
                0,
                tls,
                hosts,
                hosts > 0 ? "laptop.lan" : null,
                pages,
                pairings,
                sockets,
                refused,
                Optional.empty());
    }

    static Stream<Arguments> table() {
        Contacts none = Contacts.none();
        return Stream.of(
                row("no network", List.of(SELF), List.of(), none, "address CERTAIN"),
                row("nothing explains it", List.of(WIFI), List.of(OFF), none, "isolation LIKELY"),
                row("a firewall", List.of(WIFI), List.of(ON), none, "firewall LIKELY", "isolation HINT"),
                row("maybe one", List.of(WIFI), List.of(PERHAPS), none, "isolation LIKELY", "firewall HINT"),
                row("two networks", List.of(WIFI, CABLE), List.of(), none, "isolation LIKELY", "interfaces HINT"),
                row("one card, two addresses", List.of(WIFI, SIX), List.of(), none, "isolation LIKELY"),
                row("a VPN", List.of(WIFI, VPN), List.of(), none, "isolation LIKELY", "vpn HINT"),
                row("deaf", List.of(DEAF), List.of(), none, "self CERTAIN", "isolation LIKELY"),
                row("TCP only", List.of(WIFI), List.of(ON), contacts(3, 0, 0, 0, 0, 0, 0, 0), "certificate LIKELY"),
                row("unknown CA", List.of(WIFI), List.of(ON), contacts(3, 2, 0, 0, 0, 0, 0, 0), "certificate CERTAIN"),
                row("left after TLS", List.of(WIFI), List.of(), contacts(3, 2, 1, 0, 0, 0, 0, 0), "certificate HINT"),
                row("another name", List.of(WIFI), List.of(), contacts(1, 0, 1, 1, 0, 0, 0, 0), "host CERTAIN"),
                row("typed address", List.of(WIFI), List.of(), contacts(1, 0, 1, 0, 1, 0, 0, 0), "code LIKELY"),
                row("old code", List.of(WIFI), List.of(), contacts(1, 0, 1, 0, 1, 1, 0, 0), "code LIKELY"),
                row("no WebSocket", List.of(WIFI), List.of(), contacts(1, 0, 1, 0, 1, 1, 0, 1), "websocket LIKELY"),
                row("through", List.of(WIFI), List.of(ON), contacts(9, 1, 5, 0, 1, 1, 1, 0), "through OK"));
    }

    private static Arguments row(
            String name, List<Reach> addresses, List<Firewall> firewalls, Contacts contacts, String... expected) {
        return Arguments.of(name, new Checkup(8443, addresses, firewalls, contacts), List.of(expected));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void theFirstStepThatNobodyTookSaysWhereToLook(String name, Checkup checkup, List<String> expected) {
        List<Finding> found = Diagnosis.of(checkup);

        assertThat(found)
                .extracting(finding -> finding.code() + " " + finding.severity())
                .containsExactlyElementsOf(expected);
        assertThat(found).allSatisfy(finding -> {
            assertThat(finding.title()).endsWith(".");
            assertThat(finding.severity() == Severity.OK || !finding.todo().isEmpty())
                    .isTrue();
        });
    }

    @Test
    void theBookCountsOthersAndNotThisComputer() throws Exception {
        InetAddress own = InetAddress.getByName("192.168.1.5");
        InetAddress phone = InetAddress.getByName("192.168.1.9");
        DoorBook book = new DoorBook(own::equals, () -> 0);
        for (InetAddress remote : List.of(own, InetAddress.getLoopbackAddress(), phone)) {
            book.connected(remote);
            book.handshakeFailed(
                    remote, "error:10000416:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_UNKNOWN");
            book.handshakeFailed(remote, "(unknown_ca) Received fatal alert: unknown_ca");
            book.handshakeFailed(remote, "connection closed while SSL/TLS handshake was in progress");
            book.handshakeDone(remote);
            book.hostRefused(remote, "evil.example");
            book.answered(remote, "/phone");
            book.answered(remote, "/api/pair");
            book.answered(remote, "/assets/x.js");
            book.upgraded(remote, true);
        }

        assertThat(book.contacts())
                .isEqualTo(new Contacts(1, 2, 1, 1, 1, "evil.example", 1, 1, 1, 0, Optional.of(Duration.ZERO)));
    }

    @Test
    void whatSystemsSayOfTheirFirewallsIsUnderstood() {
        assertThat(state(FirewallLook.windows("Domain Profile Settings:\nState    ON\nOk.")))
                .isEqualTo(Firewall.State.ON);
        assertThat(state(FirewallLook.windows("State    OFF\nOk."))).isEqualTo(Firewall.State.OFF);
        assertThat(state(FirewallLook.windows(""))).isEqualTo(Firewall.State.UNKNOWN);
        assertThat(state(FirewallLook.mac("Firewall is enabled. (State = 1)"))).isEqualTo(Firewall.State.ON);
        assertThat(state(FirewallLook.mac("Firewall is disabled. (State = 0)"))).isEqualTo(Firewall.State.OFF);
    }

    private static Firewall.@Nullable State state(List<Firewall> firewalls) {
        return firewalls.get(0).state();
    }
}
