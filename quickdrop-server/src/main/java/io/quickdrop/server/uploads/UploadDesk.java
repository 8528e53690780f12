package io.quickdrop.server.uploads;

import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.SessionView;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.Principal;
import io.quickdrop.server.http.BodyDesk;
import io.quickdrop.server.http.Exchange;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.recordings.RecordingCatalogue;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Takes uploads over plain HTTPS, {@code draft-ietf-httpbis-resumable-upload-12}: who may, what they ask for, and which owner of
 * the session serves them.
 */
public final class UploadDesk implements BodyDesk {
    /** What another server has to answer. */
    public interface Elsewhere {
        /** Every session is here. */
        Elsewhere NOTHING = (request, exchange, session) -> Optional.empty();

        /**
         * Answers a request for a session that another server has, or sends it on.
         *
         * @return takes the body; empty where the session is this server's
         */
        Optional<Body> takes(Request request, Exchange exchange, SessionId session) throws StorageException;
    }

    private final Relay relay;
    private final Elsewhere elsewhere;
    private final RecordingCatalogue recordings;
    private final UploadAnswers answers;
    private final AskedReader reader;
    private final Map<SessionId, UploadOwner> owners = new ConcurrentHashMap<>();

    /**
     * Puts requests through to {@code relay}.
     *
     * @param recordings what is saved already
     * @param clock says when a recording began whose sender does not
     * @param newId makes ids for senders that don't
     * @param elsewhere what is not this server's
     */
    public UploadDesk(
            Relay relay,
            RecordingCatalogue recordings,
            InstantSource clock,
            Supplier<String> newId,
            Elsewhere elsewhere) {
        this.relay = relay;
        this.elsewhere = elsewhere;
        this.recordings = recordings;
        this.answers = UploadAnswers.of(
                relay.config().session().maxRecordingBytes(),
                relay.config().session().retention().toSeconds());
        this.reader = new AskedReader(clock, newId);
    }

    @Override
    public boolean takes(String path) {
        return path.equals(AskedReader.PATH) || path.startsWith(AskedReader.PATH + "/");
    }

    @Override
    public Body begin(Request request, Exchange exchange) {
        try {
            if (request.method().equals(HttpMethod.OPTIONS)) {
                exchange.answer(answers.options());
                return Body.UNWANTED;
            }
            Asked asked = reader.read(request, device(request));
            Optional<Body> sentOn = request.principal() instanceof Principal.Instance
                    ? Optional.empty() // it was sent on to here
                    : elsewhere.takes(request, exchange, asked.session());
            if (sentOn.isPresent()) {
                return sentOn.get();
            }
            Optional<SessionView> view = relay.sessions().stream()
                    .filter(open -> open.id().equals(asked.session()))
                    .findFirst();
            Optional<Response> at = known(asked, view);
            if (at.isPresent()) {
                exchange.answer(at.get());
                return Body.UNWANTED;
            }
            Transfer transfer =
                    new Transfer(asked, total(view, asked), exchange, answers, new InterimPace(System::nanoTime));
            return new Served(serve(transfer), transfer);
        } catch (HttpProblem problem) {
            exchange.answer(
                    UploadProblem.answer(problem.status(), problem.code(), String.valueOf(problem.getMessage())));
        } catch (StorageException e) {
            boolean full = e.kind() == StorageException.Kind.FULL;
            exchange.answer(UploadProblem.answer(
                    full ? 507 : 503,
                    full ? ErrorReason.STORAGE_FULL : ErrorReason.STORAGE_FAILED,
                    String.valueOf(e.getMessage())));
        }
        return Body.UNWANTED;
    }

    private static OptionalLong total(Optional<SessionView> view, Asked asked) {
        Long bytes =
                view.map(SessionView::description).orElse(asked.description()).totalBytes();
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    private static String device(Request request) throws HttpProblem {
        Principal principal = request.principal();
        String inNameOf = request.headers().get(DeviceName.HEADER);
        if (principal instanceof Principal.Instance && inNameOf != null && DeviceName.isValid(inNameOf)) {
            return inNameOf; // whose key the other instance has seen
        }
        if (principal instanceof Principal.Instance || principal instanceof Principal.Guest) {
            throw UploadProblem.of(403, ErrorReason.FORBIDDEN, "this connection may not send recordings");
        }
        if (principal instanceof Principal.Device paired) {
            return DeviceName.of(paired.id());
        }
        if (principal instanceof Principal.Anonymous anonymous) {
            throw anonymous.reason() == Principal.Reason.REVOKED
                    ? UploadProblem.of(403, ErrorReason.FORBIDDEN, "this device was revoked; pair it again")
                    : UploadProblem.of(401, UploadProblem.NOT_AUTHENTICATED, "pair this device first");
        }
        return DeviceName.OPERATOR;
    }

    /** The answer to what needs no owner: of recordings that are saved, of sessions that are not here, of others' ones. */
    private Optional<Response> known(Asked asked, Optional<SessionView> view) throws StorageException {
        boolean begins = asked.kind() == Asked.Kind.CREATE || asked.kind() == Asked.Kind.WHOLE;
        Optional<Recording> recording = recordings.find(asked.session());
        if (recording.isPresent()) {
            if (!recordings.device(asked.session()).equals(Optional.of(asked.device()))) {
                return Optional.of(foreign(asked));
            }
            return recording.filter(saved -> !begins || saved.partial()).map(saved -> ofRecording(saved, asked));
        }
        if (begins) {
            return Optional.empty();
        }
        if (view.isEmpty()) {
            return Optional.of(UploadProblem.answer(
                    404, ErrorReason.SESSION_UNKNOWN, "session " + asked.session() + " is not here (any more)"));
        }
        if (!view.get().device().equals(asked.device())) {
            return Optional.of(foreign(asked));
        }
        boolean elsewhere = !view.get().state().equals("orphaned") && !owners.containsKey(asked.session());
        if (asked.kind() == Asked.Kind.LOOK && elsewhere) {
            // A WebSocket sends it: looking must not take it away.
            var standing = new UploadMessage.Started(
                    asked.session(), view.get().fileName(), true, view.get().durableBytes());
            return Optional.of(answers.look(standing, total(view, asked), asked.wordless()));
        }
        return Optional.empty();
    }

    private static Response foreign(Asked asked) {
        return UploadProblem.answer(
                403, ErrorReason.FORBIDDEN, "session " + asked.session() + " belongs to another device");
    }

    private Response ofRecording(Recording saved, Asked asked) {
        String sha256 = saved.sha256();
        if (saved.partial() || sha256 == null) {
            return UploadProblem.answer(
                    410,
                    ErrorReason.SESSION_UNKNOWN,
                    "session " + saved.id() + " was ended at the server and kept as partial");
        }
        if (asked.kind() == Asked.Kind.LOOK) {
            return answers.saved(
                    new UploadMessage.Saved(
                            saved.id(), saved.fileName(), saved.bytes(), saved.chunks(), sha256, saved.bytes()),
                    asked.wordless());
        }
        boolean empty = asked.contentLength().orElse(1) == 0;
        return empty || asked.kind() == Asked.Kind.ABORT
                ? UploadProblem.answer(400, UploadProblem.COMPLETED, "it is saved; HEAD says what", saved.bytes())
                : UploadProblem.answer(
                        400,
                        UploadProblem.INCONSISTENT_LENGTH,
                        "it is saved with " + saved.bytes() + " bytes; nothing more belongs to it",
                        saved.bytes());
    }

    /** Finds the owner that serves a request; its body goes there, and from there on if another one had to be made. */
    private UploadOwner serve(Transfer transfer) {
        SessionId session = transfer.asked().session();
        UploadOwner idle = owners.get(session);
        if (idle == null) {
            return fresh(transfer);
        }
        idle.offer(transfer, transfer.asked().device(), () -> transfer.movedTo(fresh(transfer)));
        return idle;
    }

    private UploadOwner fresh(Transfer transfer) {
        SessionId session = transfer.asked().session();
        UploadOwner made = new UploadOwner(relay, over -> owners.remove(session, over));
        owners.put(session, made);
        made.open(relay, transfer);
        return made;
    }

    /** A request's body on its way to the owner that serves it. */
    private record Served(UploadOwner owner, Transfer transfer) implements Body {
        @Override
        public void part(ByteBuffer bytes) {
            owner.part(transfer, bytes);
        }

        @Override
        public void end() {
            owner.ended(transfer);
        }

        @Override
        public void gone() {
            owner.gone(transfer);
        }
    }
}
