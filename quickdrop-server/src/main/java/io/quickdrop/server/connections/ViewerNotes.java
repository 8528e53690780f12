package io.quickdrop.server.connections;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerExtension;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands before what a viewer asks for: keeps control from those who may only look, and notes who watches and who orders
 * what. Takes no message that is allowed.
 */
final class ViewerNotes implements PeerExtension {
    /** One screen that is looked at; a null monitor is the primary one. */
    private record Look(String desktop, @Nullable Integer monitor) {}

    /** Where notes go; returns at once. */
    interface Notebook {
        void note(String what, String desktop, String result);
    }

    /** More than anybody looks at; beyond it nothing more is remembered. */
    private static final int MAX_LOOKS = 256;

    private final boolean mayWatch;
    private final boolean mayControl;
    private final Notebook notebook;
    private final Set<Look> looks = new HashSet<>();

    ViewerNotes(boolean mayWatch, boolean mayControl, Notebook notebook) {
        this.mayWatch = mayWatch;
        this.mayControl = mayControl;
        this.notebook = notebook;
    }

    @Override
    public boolean message(Peer peer, Message message) {
        if (message instanceof ViewerMessage.DesktopCommand command) {
            if (!mayControl) {
                peer.send(LinkMessage.Problem.of(
                        ErrorReason.FORBIDDEN, "this connection may not control desktops: operators only"));
                return true;
            }
            notebook.note("desktop_command", command.desktopClientId(), "asked: " + command.commandType());
        } else if (mayWatch && message instanceof ViewerMessage.StartStream start && isFull(start.rendition())) {
            began(new Look(start.desktopClientId(), start.monitorId()));
        } else if (mayWatch && message instanceof ViewerMessage.StopStream stop && isFull(stop.rendition())) {
            ended(stop.desktopClientId(), stop.monitorId());
        }
        return false;
    }

    /** Thumbnails of the list are not watching: who opens the page would be noted for every desktop. */
    private static boolean isFull(@Nullable Integer rendition) {
        return rendition == null || rendition != Rendition.THUMBNAIL;
    }

    private synchronized void began(Look look) {
        boolean first = looks.stream().noneMatch(other -> other.desktop.equals(look.desktop));
        if (looks.size() < MAX_LOOKS && looks.add(look) && first) {
            notebook.note("desktop_watch", look.desktop, "asked");
        }
    }

    private synchronized void ended(String desktop, @Nullable Integer monitor) {
        boolean some = looks.removeIf(
                        look -> look.desktop.equals(desktop) && (monitor == null || monitor.equals(look.monitor)))
                || looks.remove(new Look(desktop, null)); // asked for as the primary one, ended by its number
        if (some && looks.stream().noneMatch(look -> look.desktop.equals(desktop))) {
            notebook.note("desktop_unwatch", desktop, "ended");
        }
    }

    @Override
    public synchronized void closed(Peer peer) {
        looks.stream()
                .map(Look::desktop)
                .distinct()
                .forEach(desktop -> notebook.note("desktop_unwatch", desktop, "gone"));
        looks.clear();
    }
}
