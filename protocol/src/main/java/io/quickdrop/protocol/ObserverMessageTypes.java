package io.quickdrop.protocol;

import io.quickdrop.protocol.MessageTypes.Entry;
import io.quickdrop.protocol.ObserverMessage.Gap;
import io.quickdrop.protocol.ObserverMessage.Instance;
import io.quickdrop.protocol.ObserverMessage.InstanceName;
import io.quickdrop.protocol.ObserverMessage.Playback;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.ObserverMessage.Session;
import io.quickdrop.protocol.ObserverMessage.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of the table that are spoken with dashboards. */
final class ObserverMessageTypes {
    private static final int MAX_NAME_CHARS = 200;

    static final List<Entry> ENTRIES = List.of(
            new Entry(
                    "subscribe_observer",
                    ObserverMessage.SubscribeObserver.class,
                    f -> new ObserverMessage.SubscribeObserver()),
            new Entry("snapshot", ObserverMessage.Snapshot.class, ObserverMessageTypes::snapshot),
            new Entry(
                    "phone_status",
                    ObserverMessage.PhoneStatus.class,
                    f -> new ObserverMessage.PhoneStatus(f.smallCount("connected"))),
            new Entry(
                    "recording_started",
                    ObserverMessage.RecordingStarted.class,
                    f -> new ObserverMessage.RecordingStarted(f.nested("session", ObserverMessageTypes::session))),
            new Entry(
                    "recording_progress",
                    ObserverMessage.RecordingProgress.class,
                    f -> new ObserverMessage.RecordingProgress(
                            f.sessionId("sessionId"),
                            f.count("bytes"),
                            f.count("chunks"),
                            f.text("state", 20),
                            f.count("freeBytes"))),
            new Entry(
                    "recording_saved",
                    ObserverMessage.RecordingSaved.class,
                    f -> new ObserverMessage.RecordingSaved(f.nested("recording", ObserverMessageTypes::recording))),
            new Entry(
                    "recording_updated",
                    ObserverMessage.RecordingUpdated.class,
                    f -> new ObserverMessage.RecordingUpdated(f.nested("recording", ObserverMessageTypes::recording))),
            new Entry(
                    "recording_removed",
                    ObserverMessage.RecordingRemoved.class,
                    f -> new ObserverMessage.RecordingRemoved(f.sessionId("id"))),
            new Entry(
                    "desktop_connected",
                    ObserverMessage.DesktopConnected.class,
                    f -> new ObserverMessage.DesktopConnected(f.nested("desktop", ViewerMessageTypes::desktop))),
            new Entry(
                    "desktop_status",
                    ObserverMessage.DesktopStatus.class,
                    f -> new ObserverMessage.DesktopStatus(f.nested("desktop", ViewerMessageTypes::desktop))),
            new Entry(
                    "desktop_disconnected",
                    ObserverMessage.DesktopDisconnected.class,
                    f -> new ObserverMessage.DesktopDisconnected(f.clientId("clientId"), f.flag("removed"))),
            new Entry(
                    "instance_status",
                    ObserverMessage.InstanceStatus.class,
                    f -> new ObserverMessage.InstanceStatus(f.nested("instance", ObserverMessageTypes::instance))),
            new Entry(
                    "store_status",
                    ObserverMessage.StoreStatus.class,
                    f -> new ObserverMessage.StoreStatus(f.nested("store", ObserverMessageTypes::store))));

    private ObserverMessageTypes() {}

    private static ObserverMessage.Snapshot snapshot(Fields f) throws Fields.BadField {
        return new ObserverMessage.Snapshot(
                f.list("recordings", ObserverMessageTypes::recording),
                f.list("sessions", ObserverMessageTypes::session),
                f.smallCount("phonesConnected"),
                f.list("desktops", ViewerMessageTypes::desktop),
                f.optionalText("outputDir", 4096),
                f.text("phoneUrl", 1024),
                f.count("freeBytes"),
                f.list("instances", ObserverMessageTypes::instance),
                f.nested("store", ObserverMessageTypes::store));
    }

    private static Recording recording(Fields f) throws Fields.BadField {
        return new Recording(
                f.sessionId("id"),
                f.text("fileName", 255),
                f.count("bytes"),
                f.count("chunks"),
                f.text("mime", Limits.MAX_MIME_CHARS),
                f.extension("ext"),
                f.optionalText("label", Limits.MAX_LABEL_CHARS),
                f.optionalCount("ms"),
                f.count("ts"),
                f.count("savedTs"),
                f.text("peer", 200),
                f.flag("partial"),
                f.optionalSha256("sha256"),
                f.list("gaps", g -> new Gap(g.count("atMs"), g.count("ms"), g.text("reason", 100))),
                f.optionalText("path", 4096),
                f.has("take") ? f.nested("take", MessageTypes::take) : null,
                f.has("playback") ? f.nested("playback", ObserverMessageTypes::playback) : null,
                f.optionalCount("expiresTs"),
                f.flag("confirmed"),
                instanceName(f));
    }

    private static Playback playback(Fields f) throws Fields.BadField {
        return new Playback(
                f.text("state", 20), f.optionalCount("bytes"), f.optionalSha256("sha256"), f.flag("poster"));
    }

    private static Session session(Fields f) throws Fields.BadField {
        return new Session(
                f.sessionId("sessionId"),
                f.text("fileName", 255),
                f.count("bytes"),
                f.count("chunks"),
                f.optionalCount("totalBytes"),
                f.text("mime", Limits.MAX_MIME_CHARS),
                f.extension("ext"),
                f.optionalText("label", Limits.MAX_LABEL_CHARS),
                f.count("ts"),
                f.text("peer", 200),
                f.text("state", 20),
                f.has("take") ? f.nested("take", MessageTypes::take) : null,
                f.optionalCount("expiresTs"),
                instanceName(f));
    }

    private static @Nullable InstanceName instanceName(Fields f) throws Fields.BadField {
        return f.has("instance")
                ? f.nested("instance", i -> new InstanceName(i.text("id", 128), i.text("name", MAX_NAME_CHARS)))
                : null;
    }

    private static Instance instance(Fields f) throws Fields.BadField {
        return new Instance(
                f.text("id", 128),
                f.text("name", MAX_NAME_CHARS),
                f.text("url", 1024),
                f.text("state", 20),
                f.flag("self"),
                f.count("sinceTs"),
                f.count("seenTs"));
    }

    private static Store store(Fields f) throws Fields.BadField {
        return new Store(
                f.text("kind", 32), f.text("state", 32), f.optionalCount("sinceTs"), f.optionalText("detail", 500));
    }
}
