package io.quickdrop.server.addresses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachableAddressesTest {
    @Test
    void theCardWithTheDefaultRouteComesFirst() {
        ReachableAddresses found = ReachableAddresses.of(new FakeNetwork()
                .card("wlan0", "192.168.1.5")
                .card("eth0", "10.0.0.7")
                .defaultRoute("10.0.0.7"));

        assertThat(hosts(found)).containsExactly("10.0.0.7", "192.168.1.5");
        assertThat(found.preferred().preferred()).isTrue();
        assertThat(found.list()).filteredOn(HostAddress::preferred).hasSize(1);
        assertThat(found.problem()).isEmpty();
    }

    @Test
    void aDefaultRouteThroughAVpnOrDockerDoesNotWinOverTheWifi() {
        ReachableAddresses found = ReachableAddresses.of(new FakeNetwork()
                .card("docker0", "172.17.0.1")
                .card("tun0", "10.8.0.2")
                .card("wlp3s0", "192.168.1.5")
                .defaultRoute("10.8.0.2"));

        assertThat(hosts(found)).containsExactly("192.168.1.5", "10.8.0.2", "172.17.0.1");
        assertThat(found.preferred().kind()).isEqualTo(AddressKind.WIFI);
    }

    @Test
    void ipv4StandsBeforeIpv6AndTheNameAfterBoth() {
        ReachableAddresses found = ReachableAddresses.of(new FakeNetwork()
                .card("wlan0", "wlan0", "2a02:8109:0:0:0:0:0:42", "fd00::9", "192.168.1.5")
                .defaultRoute("2a02:8109::42")
                .hostName("laptop"));

        assertThat(hosts(found)).containsExactly("192.168.1.5", "2a02:8109::42", "fd00::9", "laptop.local");
        assertThat(found.list().get(3).kind().words()).isEqualTo("Name on the local network");
    }

    @Test
    void addressesThatNeedAZoneAreLeftOut() {
        ReachableAddresses found = ReachableAddresses.of(
                new FakeNetwork().card("wlan0", "wlan0", "fe80::1%1", "169.254.3.4", "192.168.1.5"));

        assertThat(hosts(found)).containsExactly("192.168.1.5");
    }

    @Test
    void withoutANetworkLoopbackIsListedAndASentenceSaysWhatToDo() {
        ReachableAddresses found = ReachableAddresses.of(new FakeNetwork().hostName("laptop"));

        assertThat(hosts(found)).containsExactly("localhost");
        assertThat(found.preferred().kind()).isEqualTo(AddressKind.LOOPBACK);
        assertThat(found.problem()).hasValueSatisfying(text -> assertThat(text).contains("join a Wi-Fi"));
    }

    @Test
    void virtualAddressesAloneAreListedWithAWarning() {
        ReachableAddresses found = ReachableAddresses.of(new FakeNetwork().card("docker0", "172.17.0.1"));

        assertThat(hosts(found)).containsExactly("172.17.0.1");
        assertThat(found.problem()).isPresent();
    }

    @Test
    void theNamesHoldLoopbackTheHostNameItsLocalNameAndEveryAddress() {
        ReachableAddresses found = ReachableAddresses.of(new FakeNetwork()
                .card("wlan0", "192.168.1.5")
                .card("docker0", "172.17.0.1")
                .hostName("Laptop.corp.example"));

        assertThat(found.names())
                .extracting(HostName::value)
                .containsExactlyInAnyOrder(
                        "localhost",
                        "127.0.0.1",
                        "::1",
                        "laptop.corp.example",
                        "laptop.local",
                        "192.168.1.5",
                        "172.17.0.1");
    }

    @Test
    void aHostNameThatIsNoneIsIgnored() {
        for (String name : List.of("localhost", "localhost.localdomain", "my_box", "192.168.0.1", "a b", "")) {
            ReachableAddresses found = ReachableAddresses.of(
                    new FakeNetwork().card("eth0", "10.0.0.7").hostName(name));
            assertThat(hosts(found)).as(name).containsExactly("10.0.0.7");
        }
    }

    @Test
    void anAddressOnTwoCardsIsListedOnce() {
        ReachableAddresses found = ReachableAddresses.of(
                new FakeNetwork().card("br-lan", "192.168.1.5").card("eth0", "192.168.1.5"));

        assertThat(hosts(found)).containsExactly("192.168.1.5");
        assertThat(found.preferred().interfaceName()).isEqualTo("eth0");
    }

    @Test
    void theSameNetworkSeenTwiceIsEqual() {
        FakeNetwork network = new FakeNetwork().card("wlan0", "192.168.1.5").hostName("laptop");

        assertThat(ReachableAddresses.of(network)).isEqualTo(ReachableAddresses.of(network));
    }

    @ParameterizedTest
    @CsvSource({
        "wlp0s20f3, wlp0s20f3, 192.168.1.5, WIFI",
        "wlan3, Intel(R) Wi-Fi 6 AX201 160MHz, 192.168.1.5, WIFI",
        "eno1, eno1, 192.168.1.5, ETHERNET",
        "eth2, Realtek PCIe GbE Family Controller, 192.168.1.5, ETHERNET",
        "en0, en0, 192.168.1.5, NETWORK",
        "en7, en7, 172.20.10.2, PHONE",
        "wlan0, wlan0, 172.20.10.4, PHONE",
        "enx0a1b2c3d4e5f, enx0a1b2c3d4e5f, 10.55.1.2, PHONE",
        "usb0, usb0, 192.168.42.129, PHONE",
        "eth5, Remote NDIS based Internet Sharing Device, 192.168.42.3, PHONE",
        "docker0, docker0, 172.17.0.1, VIRTUAL",
        "veth12ab, veth12ab, 172.18.0.1, VIRTUAL",
        "br-9f8e7d, br-9f8e7d, 172.20.10.1, VIRTUAL",
        "virbr0, virbr0, 192.168.122.1, VIRTUAL",
        "vmnet8, vmnet8, 192.168.77.1, VIRTUAL",
        "eth9, Hyper-V Virtual Ethernet Adapter, 172.28.0.1, VIRTUAL",
        "utun4, utun4, 100.64.0.3, VPN",
        "wg0, wg0, 10.9.0.2, VPN",
        "tailscale0, tailscale0, 100.101.1.1, VPN",
    })
    void aCardIsNamedInWords(String name, String display, String address, AddressKind kind) {
        ReachableAddresses found = ReachableAddresses.of(new FakeNetwork().card(name, display, address));

        assertThat(found.preferred().kind()).isEqualTo(kind);
        assertThat(found.preferred().kind().words()).isNotBlank();
    }

    @Test
    void theRealNetworkOfThisComputerCanBeListed() {
        ReachableAddresses found = ReachableAddresses.of(new SystemNetwork());

        assertThat(found.list()).isNotEmpty();
        assertThat(found.names()).contains(new HostName("127.0.0.1"), new HostName("localhost"), new HostName("::1"));
    }

    private static List<String> hosts(ReachableAddresses found) {
        return found.list().stream().map(address -> address.host().value()).toList();
    }
}
