package io.quickdrop.server.send;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.client.UploadClient;
import io.quickdrop.relay.driver.client.UploadClient.UploadFailedException;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.upload.SenderConfig;
import io.quickdrop.server.send.SendMemory.Begun;
import io.quickdrop.websocket.Ending;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.WebSocketConnector;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends files to one server, one after the other; goes on with what an earlier run began. For one thread. */
final class FileUpload {
    private static final Duration REDRAW = Duration.ofMillis(100);

    private final ServerAddress server;
    private final Connector connector;
    private final SendMemory memory;
    private final Workers workers;
    private final InstantSource wallClock;
    private final @Nullable Duration giveUpAfter;
    private final Display display;
    private volatile @Nullable Progress progress;

    /** A file on its way. */
    private record Progress(FileToSend file, Transfer transfer) {}

    /** @param giveUpAfter how long the server may be out of reach; {@code null} for any time */
    FileUpload(
            ServerAddress server,
            Connector connector,
            SendMemory memory,
            Workers workers,
            InstantSource wallClock,
            @Nullable Duration giveUpAfter,
            Display display) {
        this.server = server;
        this.connector = connector;
        this.memory = memory;
        this.workers = workers;
        this.wallClock = wallClock;
        this.giveUpAfter = giveUpAfter;
        this.display = display;
    }

    /** How far the present file came, and how to go on; empty between files. Callable on any thread. */
    Optional<String> whereItStands() {
        return Optional.ofNullable(progress)
                .map(now -> howFar(now.file, now.transfer.look()) + " The same command goes on from there.");
    }

    /**
     * Sends one file, and returns when it is whole and safe at the server.
     *
     * @param label words for the recording's name; {@code null} for the file's own
     * @throws SendFailure with a sentence; what came so far stays at the server, and calling again goes on
     */
    Saved send(FileToSend file, @Nullable String label) throws SendFailure, InterruptedException {
        try {
            Optional<Begun> known = memory.find(server, file);
            Optional<Begun> resumable = known.filter(begun -> begun.isOf(file));
            if (known.isPresent() && resumable.isEmpty()) {
                display.note(file.name() + " has changed since it was begun, so it is sent anew; "
                        + "what the server has of the old one stays there as an unfinished recording.");
            }
            if (resumable.isPresent()) {
                display.note("Going on with " + file.name() + ".");
                try {
                    return attempt(file, label, resumable.get());
                } catch (UploadFailedException e) {
                    if (!endedAtTheServer(e)) {
                        throw e;
                    }
                    display.note("The server has ended the earlier upload of " + file.name() + " (" + e.getMessage()
                            + "), so it is sent anew.");
                }
            }
            return attempt(file, label, memory.begin(server, file, wallClock.millis()));
        } catch (UploadFailedException e) {
            throw new SendFailure(sentence(file, e));
        } catch (IOException e) {
            throw new SendFailure(file.name() + " can't be sent: " + FileToSend.words(e) + ".");
        }
    }

    private static boolean endedAtTheServer(UploadFailedException e) {
        return e.reason().equals(ErrorReason.SESSION_UNKNOWN) || e.reason().equals(ErrorReason.FORBIDDEN);
    }

    private Saved attempt(FileToSend file, @Nullable String label, Begun begun)
            throws SendFailure, UploadFailedException, IOException, InterruptedException {
        WatchedConnector watched = new WatchedConnector(connector);
        try (FileSource source = new FileSource(file)) {
            FollowingHash hash = new FollowingHash(source, file.bytes());
            Transfer transfer = new Transfer(hash::reached);
            progress = new Progress(file, transfer);
            try (UploadClient client = new UploadClient(
                    begun.session(),
                    file.description(label, begun.startedMillis()),
                    SenderConfig.defaults(),
                    source,
                    watched,
                    workers,
                    transfer)) {
                client.produced(file.bytes());
                CompletableFuture<Void> hashed = hash(file, hash, client);
                Saved saved = await(file, client.outcome().toCompletableFuture(), hashed, watched, transfer);
                memory.forget(server, file);
                return saved;
            } catch (UploadFailedException e) {
                boolean damaged = e.reason().equals(ErrorReason.INTEGRITY_MISMATCH)
                        || e.reason().equals(ErrorReason.CONTENT_CONFLICT);
                if (damaged) {
                    memory.forget(server, file); // going on with these bytes would never come to a good end
                }
                throw e;
            } finally {
                hash.cancel();
                progress = null;
            }
        }
    }

    /** Ends the upload with the file's hash, or fails if the file is no longer what is being sent. */
    private static CompletableFuture<Void> hash(FileToSend file, FollowingHash hash, UploadClient client) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        String sha256 = hash.compute();
                        if (!file.isUnchanged()) {
                            throw new IOException("it has changed");
                        }
                        client.ended(sha256);
                        result.complete(null);
                    } catch (IOException e) {
                        result.completeExceptionally(e);
                    } catch (InterruptedException e) {
                        result.cancel(false);
                    }
                },
                "send-hash");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private Saved await(
            FileToSend file,
            CompletableFuture<Saved> outcome,
            CompletableFuture<Void> hashed,
            WatchedConnector watched,
            Transfer transfer)
            throws SendFailure, UploadFailedException, InterruptedException {
        ProgressLine line = new ProgressLine(file.name(), file.bytes());
        RateMeter rate = new RateMeter();
        while (true) {
            try {
                return outcome.get(REDRAW.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UploadFailedException failed) {
                    throw failed;
                }
                throw new IllegalStateException("the upload client failed", e.getCause());
            } catch (TimeoutException stillGoing) {
                Transfer.Look look = transfer.look();
                if (look.state() == Transfer.State.SENDING) {
                    rate.read(System.nanoTime(), look.safeBytes());
                }
                display.show(line, look, rate.bytesPerSecond());
                stopIfHopeless(file, look, hashed, watched.last());
            }
        }
    }

    private void stopIfHopeless(FileToSend file, Transfer.Look look, CompletableFuture<Void> hashed, Ending last)
            throws SendFailure {
        if (hashed.isCompletedExceptionally()) {
            throw new SendFailure(changedMeanwhile(file));
        }
        if (last.code() == WebSocketConnector.CERTIFICATE_REFUSED) {
            throw new SendFailure("The certificate of " + server + " can't be trusted: " + last.reason()
                    + ". If it is your server, fetch " + server
                    + "/ca.crt, compare its fingerprint with the one that the "
                    + "server shows, and name the file with --ca.");
        }
        if (giveUpAfter != null && look.unreachableFor().compareTo(giveUpAfter) >= 0) {
            throw new SendFailure(server + " was out of reach for " + ProgressLine.words(giveUpAfter) + " ("
                    + last.reason() + "). " + howFar(file, look) + " The same command goes on from there.");
        }
    }

    private static String changedMeanwhile(FileToSend file) {
        return file.name() + " has changed while it was being sent. Run the command again when it is complete.";
    }

    private String howFar(FileToSend file, Transfer.Look look) {
        return ProgressLine.size(look.safeBytes()) + " of " + ProgressLine.size(file.bytes()) + " of " + file.name()
                + " are safe at " + server + ".";
    }

    private String sentence(FileToSend file, UploadFailedException e) {
        String detail = e.getMessage() + ".";
        return switch (e.reason()) {
            case "closed" ->
                server + " refuses: " + detail
                        + " Name a token with --token or QUICKDROP_TOKEN; the server prints the operator's when it starts.";
            case "superseded" -> "Another 'quickdrop send' took " + file.name() + " over, and goes on with it.";
            case "source" -> file.isUnchanged() ? file.name() + " can't be read: " + detail : changedMeanwhile(file);
            case ErrorReason.INTEGRITY_MISMATCH, ErrorReason.CONTENT_CONFLICT ->
                "What arrived at the server is not what " + file.name() + " holds: " + detail
                        + " It changed meanwhile, or was damaged on the way. Run the command again to send it anew.";
            case ErrorReason.TOO_LARGE -> file.name() + " is larger than the server takes: " + detail;
            case ErrorReason.SESSION_LIMIT -> "The server is busy: " + detail + " Try again later.";
            default -> file.name() + " could not be sent: " + detail + " (" + e.reason() + ")";
        };
    }
}
