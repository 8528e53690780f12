package io.quickdrop.server.connections;

import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerExtension;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.server.access.AuditNotes;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.Principal;
import io.quickdrop.server.observers.ObserverDesk;
import java.net.InetAddress;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands connections that were let in to those who serve them, and says what each may do.
 *
 * @param switches lets the uploads of one connection be put through to other servers
 * @param writer writes audit notes, which wait for the disk
 */
public record Counters(
        Relay relay,
        DesktopRelay desktops,
        ObserverDesk observers,
        Supplier<LinkMessage.HelloV1> helloV1,
        AuditNotes audit,
        Supplier<PeerExtension> switches,
        Executor writer) {

    /** The greeting of v2; may wait for the disk. */
    LinkMessage.Hello hello() {
        return relay.hello();
    }

    Peer agent(Connection connection, PeerIdentity identity) {
        return desktops.agentConnected(connection, identity);
    }

    Peer v1(Connection connection, InetAddress remote, @Nullable String clientType, @Nullable String clientId) {
        String name = "v1 viewer at " + place(remote);
        return desktops.v1Connected(
                connection, new PeerIdentity(DeviceName.V1, true), helloV1.get(), clientType, clientId, name);
    }

    Peer v2(Connection connection, Principal principal, InetAddress remote, LinkMessage.Hello hello) {
        if (principal instanceof Principal.Instance instance) {
            PeerIdentity identity = new PeerIdentity(DeviceName.instance(instance.name()), false);
            return relay.connected(
                    connection, identity, Generation.V2, hello, desktops.puller("instance " + instance.name()));
        }
        String device = device(principal);
        String who = principal.inAuditLog() + "@" + remote.getHostAddress();
        PeerExtension observer = (peer, message) -> {
            if (!(message instanceof ObserverMessage.SubscribeObserver) || !principal.mayOperate()) {
                return false;
            }
            observers.subscribe(peer, remote.isLoopbackAddress());
            return true;
        };
        ViewerNotes notes = new ViewerNotes(
                principal.mayWatch(),
                principal.mayControl(),
                (what, desktop, result) -> writer.execute(() -> audit.note(who, what, desktop, result)));
        PeerExtension viewer = desktops.viewer("operator at " + place(remote), principal.mayWatch());
        return relay.connected(
                connection,
                new PeerIdentity(device, principal.mayUpload()),
                Generation.V2,
                hello,
                observer.or(notes).or(viewer).or(switches.get()));
    }

    /** An uploader that came to another instance, which has let it in and puts it through. */
    Peer putThrough(Connection connection, String device, LinkMessage.Hello hello) {
        return relay.connected(connection, new PeerIdentity(device, true), Generation.V2, hello, PeerExtension.NONE);
    }

    private static String device(Principal principal) {
        if (principal instanceof Principal.Device paired) {
            return DeviceName.of(paired.id());
        }
        return principal instanceof Principal.Guest guest ? DeviceName.instance(guest.instance()) : DeviceName.OPERATOR;
    }

    /** For people at the desktops, who see it as who watches them. */
    private static String place(InetAddress remote) {
        return remote.isLoopbackAddress() ? "the server" : remote.getHostAddress();
    }
}
