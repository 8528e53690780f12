package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.RequestKeyframe;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.protocol.ViewerMessage.DesktopCommand;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.protocol.ViewerMessage.StopStream;
import io.quickdrop.protocol.ViewerMessage.StreamElsewhere;
import io.quickdrop.relay.desktop.RoomInput;
import io.quickdrop.relay.desktop.ViewerId;
import io.quickdrop.relay.driver.pull.Elsewhere;
import io.quickdrop.relay.driver.threads.SerialInbox;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one viewer asks for, handled in order and on the relay's threads, so that nothing comes behind its going. Safe on
 * any thread.
 */
final class ViewerDesk {
    private final DesktopRelay relay;
    private final ViewerId id;
    private final String name;
    private final ViewerVoice voice;
    private final SerialInbox<Runnable> inbox;
    private final Map<String, DesktopRunner> watched = new HashMap<>();
    private final ViewerCommands commands;
    private boolean closed;

    ViewerDesk(DesktopRelay relay, String name, ViewerVoice voice) {
        this.relay = relay;
        this.id = relay.nextViewer(voice);
        this.name = name;
        this.voice = voice;
        this.commands = new ViewerCommands(relay, name, voice::tell, voice::refuse);
        this.inbox = new SerialInbox<>(relay.workers().machines(), Runnable::run);
    }

    /** Whether it is something that viewers may ask. */
    boolean asked(ViewerMessage message) {
        if (message instanceof ViewerMessage.GetDesktopClients) {
            behind(() -> relay.news().subscribe(voice));
        } else if (message instanceof StartStream start) {
            behind(() -> start(start));
        } else if (message instanceof StopStream stop) {
            behind(() -> stop(stop));
        } else if (message instanceof PaintedAck ack) {
            behind(() -> painted(ack));
        } else if (message instanceof DesktopCommand command) {
            behind(() -> commands.ask(command));
        } else {
            return false; // only servers send the others
        }
        return true;
    }

    /** An instance tells who looks there. */
    void reported(ViewerReport report) {
        behind(() -> watched.values().forEach(desktop -> desktop.viewer(new RoomInput.Reported(id, name, report))));
    }

    /** The picture that an instance has of a stream has holes. */
    void wholeWanted(RequestKeyframe request) {
        behind(() -> watched.values()
                .forEach(desktop ->
                        desktop.viewer(new RoomInput.WholeWanted(id, request.screen(), request.rendition()))));
    }

    void closed() {
        behind(() -> {
            closed = true;
            commands.closed();
            relay.gone(id);
            relay.news().unsubscribe(voice);
            watched.values().forEach(desktop -> desktop.viewer(new RoomInput.ViewerGone(id)));
            watched.clear();
        });
    }

    private void behind(Runnable task) {
        inbox.add(() -> {
            if (!closed) {
                task.run();
            }
        });
    }

    private void start(StartStream start) {
        String desktopId = start.desktopClientId();
        Optional<DesktopRunner> desktop = relay.directory().known(desktopId);
        if (desktop.isEmpty()) {
            voice.refuse(LinkMessage.Problem.of(
                    ErrorReason.DESKTOP_UNKNOWN, "no desktop \"" + desktopId + "\" is enrolled"));
            return;
        }
        watched.values()
                .removeIf(other -> relay.directory().known(other.clientId()).isEmpty());
        int most = voice.isInstance() ? 1 : relay.config().maxWatched();
        if (!watched.containsKey(desktopId) && watched.size() >= most) {
            voice.refuse(
                    LinkMessage.Problem.of(ErrorReason.STREAM_LIMIT, "allowed are " + most + " desktops a viewer"));
            return;
        }
        Optional<Elsewhere> offer = start.redirect() ? offer(desktop.get()) : Optional.empty();
        if (offer.isPresent()) {
            voice.tell(new StreamElsewhere(
                    desktopId,
                    start.monitorId(),
                    start.rendition(),
                    offer.get().url(),
                    offer.get().ticket()));
            return;
        }
        watched.put(desktopId, desktop.get());
        Integer rendition = start.rendition();
        desktop.get()
                .viewer(new RoomInput.ViewerCame(
                        id, name, start.monitorId(), rendition == null ? Rendition.TILES : rendition));
    }

    private Optional<Elsewhere> offer(DesktopRunner desktop) {
        return desktop.card().instanceId().flatMap(relay.neighbours()::offer);
    }

    private void stop(StopStream stop) {
        DesktopRunner desktop = watched.get(stop.desktopClientId());
        if (desktop != null) {
            desktop.viewer(new RoomInput.ViewerLeft(id, stop.monitorId(), stop.rendition()));
        }
    }

    private void painted(PaintedAck ack) {
        DesktopRunner desktop = watched.get(ack.desktopClientId());
        if (desktop != null) {
            desktop.viewer(new RoomInput.Painted(id, ack));
        }
    }
}
