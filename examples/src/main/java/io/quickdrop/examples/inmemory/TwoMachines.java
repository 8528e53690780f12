package io.quickdrop.examples.inmemory;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.upload.OwnerId;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.relay.upload.SenderConfig;
import io.quickdrop.relay.upload.SenderInput;
import io.quickdrop.relay.upload.SenderOutput;
import io.quickdrop.relay.upload.SessionConfig;
import io.quickdrop.relay.upload.SessionInput;
import io.quickdrop.relay.upload.SessionOutput;
import io.quickdrop.relay.upload.UploadSender;
import io.quickdrop.relay.upload.UploadSession;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Sends a recording from an {@link UploadSender} to an {@link UploadSession} and tells what happens. Each machine is a
 * plain object: facts go in, orders come out. What carries the orders out is all that is written here.
 */
public final class TwoMachines {
    private final SessionId id = new SessionId("take-1");
    private final Description about = new Description("video/webm", "webm", "demo", 0, null);
    private final UploadSender phone = new UploadSender(id, about, SenderConfig.defaults());
    private final UploadSession laptop = new UploadSession(id, SessionConfig.defaults());
    private final ByteArrayOutputStream disk = new ByteArrayOutputStream();
    private final Queue<Runnable> todo = new ArrayDeque<>();
    private final byte[] video;
    private final PrintStream log;
    private OwnerId link = new OwnerId(1);

    /** Names what to send, and where to tell about it. */
    public TwoMachines(byte[] video, PrintStream log) {
        this.video = video;
        this.log = log;
    }

    /** Sends 200,000 bytes, and loses the connection on the way. */
    public static void main(String[] args) {
        new TwoMachines(new byte[200_000], System.out).run();
    }

    /** Runs until the recording is saved, and returns what is on the disk. */
    public byte[] run() {
        tellPhone(new SenderInput.Produced(video.length));
        tellPhone(new SenderInput.Connected());
        for (int step = 0; !phone.isOver(); step++) {
            if (step == 4) {
                log.println("--- the connection is lost");
                todo.clear(); // with everything that was on its way
                tellLaptop(new SessionInput.Detached(link));
                link = new OwnerId(2);
                tellPhone(new SenderInput.Disconnected());
                tellPhone(new SenderInput.Connected());
                tellPhone(new SenderInput.Ended(null));
            }
            todo.remove().run();
        }
        return disk.toByteArray();
    }

    private void tellPhone(SenderInput input) {
        for (SenderOutput order : phone.handle(input, Instant.EPOCH)) {
            if (order instanceof SenderOutput.SendMessage send) {
                onItsWay("phone:  " + send.message(), () -> tellLaptop(fact((UploadMessage) send.message())));
            } else if (order instanceof SenderOutput.SendChunk send) {
                ByteBuffer bytes = ByteBuffer.wrap(video, (int) send.offset(), send.length());
                Chunk chunk = Chunk.of(send.offset(), bytes.slice());
                onItsWay("phone:  " + send, () -> tellLaptop(new SessionInput.ChunkReceived(link, chunk)));
            }
        }
    }

    private SessionInput fact(UploadMessage message) {
        return message instanceof UploadMessage.End end
                ? new SessionInput.EndReceived(link, end)
                : new SessionInput.Attached(link, "phone", about, false);
    }

    private void tellLaptop(SessionInput input) {
        for (SessionOutput order : laptop.handle(input, Instant.EPOCH)) {
            if (order instanceof SessionOutput.Send send) {
                onItsWay("laptop: " + send.message(), () -> tellPhone(new SenderInput.Received(send.message())));
            } else if (order instanceof SessionOutput.Open) {
                tellLaptop(new SessionInput.Opened("phone", "demo.webm", false, 0, 0));
            } else if (order instanceof SessionOutput.Append append) {
                byte[] bytes = new byte[append.bytes().remaining()];
                append.bytes().get(bytes);
                disk.writeBytes(bytes);
            } else if (order instanceof SessionOutput.Force) {
                tellLaptop(new SessionInput.Forced(disk.size()));
            } else if (order instanceof SessionOutput.Save save) {
                tellLaptop(new SessionInput.Kept(
                        new SavedRecording("demo.webm", disk.size(), save.chunks(), "0".repeat(64), false)));
            }
        }
    }

    private void onItsWay(String what, Runnable arrival) {
        log.println(what);
        todo.add(arrival);
    }
}
