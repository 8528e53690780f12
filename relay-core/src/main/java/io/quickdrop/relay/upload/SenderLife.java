package io.quickdrop.relay.upload;

import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Description;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an {@link UploadSender} knows and where it stands, and the steps that its parts share. */
final class SenderLife {
    final SenderConfig config;
    final SendWindow window;

    Instant now = Instant.MIN;
    /** When the server last said something that was awaited, or was asked. */
    Instant lastAnswer = Instant.MIN;

    SenderPhase phase = SenderPhase.OFFLINE;
    boolean everStarted;
    /** The server has said on this connection where to continue. */
    boolean started;

    boolean abortWanted;
    /** The source has ended. */
    boolean ended;
    /** Every byte of the source can be read again. */
    boolean rereadable;

    @Nullable
    String sha256;

    long chunksSent;

    private final SessionId id;
    private final Description description;
    private List<SenderOutput> orders = new ArrayList<>();
    private boolean everAsked;

    SenderLife(SessionId id, Description description, SenderConfig config) {
        this.id = id;
        this.description = description;
        this.config = config;
        this.window = new SendWindow(config);
    }

    SessionId id() {
        return id;
    }

    /** Whether the server may have heard of the recording. */
    boolean everAsked() {
        return everAsked;
    }

    void order(SenderOutput order) {
        orders.add(order);
    }

    void send(Message message) {
        orders.add(new SenderOutput.SendMessage(message));
    }

    /** The orders since the last call. */
    List<SenderOutput> takeOrders() {
        List<SenderOutput> taken = orders;
        orders = new ArrayList<>();
        return taken;
    }

    /** Asks where to continue. */
    void ask() {
        phase = SenderPhase.ASKING;
        window.back();
        lastAnswer = now;
        send(everAsked ? new UploadMessage.Resume(id, description) : new UploadMessage.Start(id, description, false));
        everAsked = true;
    }

    void sendEnd() {
        phase = SenderPhase.ENDING;
        lastAnswer = now;
        boolean canRepair = rereadable && sha256 != null;
        send(new UploadMessage.End(id, window.produced(), chunksSent, sha256, null, canRepair));
    }

    void abort() {
        if (!everAsked) {
            phase = SenderPhase.OVER; // the server never heard of it
            orders.add(new SenderOutput.Aborted());
            return;
        }
        phase = SenderPhase.ABORTING;
        lastAnswer = now;
        send(new UploadMessage.Abort(id));
    }

    void fail(String reason, String detail) {
        phase = SenderPhase.OVER;
        orders.add(new SenderOutput.Failed(reason, detail));
    }
}
