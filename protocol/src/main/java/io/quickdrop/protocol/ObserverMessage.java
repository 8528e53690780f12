package io.quickdrop.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages between a dashboard and the server. */
public sealed interface ObserverMessage extends Message {
    /** {@code subscribe_observer}: asks for a {@link Snapshot} and every change after it. */
    record SubscribeObserver() implements ObserverMessage {}

    /**
     * {@code snapshot}: everything as it stands.
     *
     * @param recordings newest first
     * @param sessions recordings that are arriving or interrupted
     * @param phonesConnected connected uploaders
     * @param desktops enrolled ones, and those that wait for approval
     * @param outputDir only for the server's own machine
     * @param phoneUrl the phone page's address, without any secret
     * @param freeBytes room left for recordings after the reserve, bytes
     * @param instances this one first; a server without others is the only one
     * @param store where the server keeps what must last
     */
    record Snapshot(
            List<Recording> recordings,
            List<Session> sessions,
            int phonesConnected,
            List<DesktopClient> desktops,
            @Nullable String outputDir,
            String phoneUrl,
            long freeBytes,
            List<Instance> instances,
            Store store)
            implements ObserverMessage {
        public Snapshot {
            recordings = List.copyOf(recordings);
            sessions = List.copyOf(sessions);
            desktops = List.copyOf(desktops);
            instances = List.copyOf(instances);
        }
    }

    /** {@code phone_status}: how many uploaders are connected now. */
    record PhoneStatus(int connected) implements ObserverMessage {}

    /** {@code recording_started}: a session began, or came back. */
    record RecordingStarted(Session session) implements ObserverMessage {}

    /**
     * {@code recording_progress}.
     *
     * @param bytes durable offset
     * @param state see {@link Session#state}
     * @param freeBytes room left for recordings after the reserve, bytes
     */
    record RecordingProgress(SessionId sessionId, long bytes, long chunks, String state, long freeBytes)
            implements ObserverMessage {}

    /** {@code recording_saved}: whole (or, where {@code partial} says so, kept as far as it came). */
    record RecordingSaved(Recording recording) implements ObserverMessage {}

    /** {@code recording_updated}: the label or the file's properties changed. */
    record RecordingUpdated(Recording recording) implements ObserverMessage {}

    /** {@code recording_removed}: deleted, or a session that was aborted. */
    record RecordingRemoved(SessionId id) implements ObserverMessage {}

    /** {@code desktop_connected}: a desktop registered, or asks to be enrolled (state {@code pending}). */
    record DesktopConnected(DesktopClient desktop) implements ObserverMessage {}

    /** {@code desktop_status}: something about a desktop changed; at most once a second each. */
    record DesktopStatus(DesktopClient desktop) implements ObserverMessage {}

    /**
     * {@code desktop_disconnected}.
     *
     * @param removed whether it is also no longer enrolled (revoked, or refused)
     */
    record DesktopDisconnected(String clientId, boolean removed) implements ObserverMessage {}

    /** {@code instance_status}: an instance came, went, or was heard of again after it was away. */
    record InstanceStatus(Instance instance) implements ObserverMessage {}

    /** {@code store_status}: the store stopped answering, or answers again. */
    record StoreStatus(Store store) implements ObserverMessage {}

    /**
     * One of the servers that share a store.
     *
     * @param id random, kept in its data folder
     * @param name for people
     * @param url where it is reached, without any secret
     * @param state {@link #ALIVE}, {@link #AWAY} or {@link #LEFT}
     * @param self whether it is the one that says this
     * @param sinceTs since when it is in that state, by the store's clock, milliseconds since 1970
     * @param seenTs its last sign of life, likewise
     */
    record Instance(String id, String name, String url, String state, boolean self, long sinceTs, long seenTs) {
        /** State: gives signs of life. */
        public static final String ALIVE = "alive";
        /** State: gives none any more, and never said that it goes. */
        public static final String AWAY = "away";
        /** State: was ended, and said so. */
        public static final String LEFT = "left";
    }

    /**
     * An instance by its name.
     *
     * @param name for people
     */
    record InstanceName(String id, String name) {}

    /**
     * Where the server keeps what must last.
     *
     * @param kind {@link #SQLITE} or {@link #POSTGRESQL}
     * @param state {@link #UP} or {@link #DOWN}
     * @param sinceTs since when it is in that state, by the server's clock, milliseconds since 1970; absent where it was
     *     never otherwise
     * @param detail what failed, for people, without any secret; absent while it is up
     */
    record Store(String kind, String state, @Nullable Long sinceTs, @Nullable String detail) {
        /** Kind: a file in the data folder. */
        public static final String SQLITE = "sqlite";
        /** Kind: a server, which other instances may use too. */
        public static final String POSTGRESQL = "postgresql";
        /** State: answers. */
        public static final String UP = "up";
        /** State: does not answer, or says that it can't. */
        public static final String DOWN = "down";

        /** One that answers and always did. */
        public static Store up(String kind) {
            return new Store(kind, UP, null, null);
        }
    }

    /**
     * A recording on the disk.
     *
     * @param id the session it came by
     * @param ms duration, milliseconds, where known
     * @param ts start, milliseconds since 1970
     * @param savedTs completion, milliseconds since 1970
     * @param peer who sent it, for people
     * @param partial whether its end never came
     * @param sha256 64 lower-case hex digits; absent for partial ones
     * @param gaps interruptions of the take, empty where there were none
     * @param path only for the server's own machine
     * @param take which part of a take it is, where it is one
     * @param playback what was made of it for playing; absent for files
     * @param expiresTs when it is going to be deleted, milliseconds since 1970; absent for what stays
     * @param confirmed whether its sender has stated the same {@code sha256}, computed from its own bytes
     * @param instance the other instance that has the file; absent for this one's
     */
    record Recording(
            SessionId id,
            String fileName,
            long bytes,
            long chunks,
            String mime,
            String ext,
            @Nullable String label,
            @Nullable Long ms,
            long ts,
            long savedTs,
            String peer,
            boolean partial,
            @Nullable String sha256,
            List<Gap> gaps,
            @Nullable String path,
            @Nullable TakePart take,
            @Nullable Playback playback,
            @Nullable Long expiresTs,
            boolean confirmed,
            @Nullable InstanceName instance) {
        public Recording {
            gaps = List.copyOf(gaps);
        }

        /** The same for observers on other machines. */
        public Recording withoutPath() {
            return new Recording(
                    id, fileName, bytes, chunks, mime, ext, label, ms, ts, savedTs, peer, partial, sha256, gaps, null,
                    take, playback, expiresTs, confirmed, instance);
        }
    }

    /**
     * What was made of a take so that it plays from anywhere: its streams copied into a new file with duration and index.
     *
     * @param state {@code waiting}, {@code working}, {@code ready} (the file in the output folder is the new one) or
     *     {@code as_received} (it could not be made; the file is as it came)
     * @param bytes length of the file in the output folder, where it is not the received one
     * @param sha256 its hash, likewise; {@link Recording#sha256} stays that of what was received
     * @param poster whether there is a picture of it
     */
    record Playback(String state, @Nullable Long bytes, @Nullable String sha256, boolean poster) {}

    /**
     * An interruption of a take.
     *
     * @param atMs where in the take, milliseconds from its start
     * @param ms how long, milliseconds
     */
    record Gap(long atMs, long ms, String reason) {}

    /**
     * A recording that is not finished.
     *
     * @param bytes durable offset
     * @param totalBytes length, where the uploader said it
     * @param state {@code receiving}, {@code orphaned} (its uploader is away), {@code stalled} (the disk is full or
     *     failing) or {@code completing}
     * @param take which part of a take it is, where it is one
     * @param expiresTs when it is kept as a partial recording if its uploader does not return, milliseconds since 1970;
     *     absent while the uploader is there
     * @param instance the other instance where it arrives; absent for this one's
     */
    record Session(
            SessionId sessionId,
            String fileName,
            long bytes,
            long chunks,
            @Nullable Long totalBytes,
            String mime,
            String ext,
            @Nullable String label,
            long ts,
            String peer,
            String state,
            @Nullable TakePart take,
            @Nullable Long expiresTs,
            @Nullable InstanceName instance) {}
}
