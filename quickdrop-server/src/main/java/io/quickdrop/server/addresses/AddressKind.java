package io.quickdrop.server.addresses;

import java.util.Locale;
import java.util.regex.Pattern;

/** What an address hangs on, guessed from names, since Java doesn't say. Ordered from best to worst for a phone. */
public enum AddressKind {
    /** A wireless card: the phone's own network, most likely. */
    WIFI("Wi-Fi"),
    /** The laptop uses the phone's hotspot, or hangs on its USB cable. */
    PHONE("Phone hotspot or USB"),
    /** A cable. */
    ETHERNET("Ethernet"),
    /** A card whose name says nothing (macOS calls both {@code en0}). */
    NETWORK("Wi-Fi or Ethernet"),
    /** The name that multicast DNS announces: survives a change of address, but not every phone resolves it. */
    NAME("Name on the local network"),
    /** A tunnel: reaches phones in the same VPN only. */
    VPN("VPN"),
    /** A bridge to containers or virtual machines: no phone there. */
    VIRTUAL("Virtual"),
    /** This computer alone. */
    LOOPBACK("This computer only");

    private static final Pattern IS_VIRTUAL = Pattern.compile(
            "^(docker|veth|br-|virbr|vmnet|vboxnet|vnic|lxc|lxdbr|cni|flannel|cali|podman|kube|ap\\d|awdl|llw|anpi|bridge\\d)"
                    + "|hyper-v|vethernet|vmware|virtualbox|\\bwsl\\b|virtual (ethernet|switch|adapter)|wi-fi direct");
    private static final Pattern IS_VPN = Pattern.compile(
            "^(tun|tap|wg|utun|ppp|ipsec|zt|tailscale|nordlynx|gpd)|wireguard|openvpn|tailscale|zerotier|\\bvpn\\b|wintun|tap-");
    private static final Pattern IS_PHONE = Pattern.compile(
            "^(usb|rndis|enx|ncm)|rndis|remote ndis|apple mobile device|iphone|android|bluetooth|^bnep");
    private static final Pattern IS_WIFI =
            Pattern.compile("^(wl|wifi|ath|ra\\d)|wi-?fi|wireless|wlan|802\\.11|airport");
    private static final Pattern IS_ETHERNET = Pattern.compile("^(eth|eno|ens|enp|em\\d)|ethernet|gbe|gigabit");

    /** iPhones give 172.20.10.0/28 to what hangs on their hotspot or cable; Android's USB net is random now. */
    private static final String IPHONE_HOTSPOT = "172.20.10.";

    private final String words;

    AddressKind(String words) {
        this.words = words;
    }

    /** The kind as shown to a person. */
    public String words() {
        return words;
    }

    /** Whether a phone near by may get there without further ado. */
    boolean isDirect() {
        return compareTo(NAME) < 0;
    }

    /** The kind of {@code host} on {@code card}; names decide, an iPhone's hotspot range decides before them. */
    static AddressKind of(NetworkCard card, HostName host) {
        String name = card.name().toLowerCase(Locale.ROOT);
        String display = card.displayName().toLowerCase(Locale.ROOT);
        if (host.value().startsWith(IPHONE_HOTSPOT) && !found(IS_VIRTUAL, name, display)) {
            return PHONE;
        }
        if (card.virtual() || found(IS_VIRTUAL, name, display)) {
            return VIRTUAL;
        }
        if (found(IS_VPN, name, display)) {
            return VPN;
        }
        if (found(IS_PHONE, name, display)) {
            return PHONE;
        }
        if (card.wireless() || found(IS_WIFI, name, display)) {
            return WIFI;
        }
        return found(IS_ETHERNET, name, display) ? ETHERNET : NETWORK;
    }

    private static boolean found(Pattern pattern, String name, String display) {
        return pattern.matcher(name).find() || pattern.matcher(display).find();
    }
}
