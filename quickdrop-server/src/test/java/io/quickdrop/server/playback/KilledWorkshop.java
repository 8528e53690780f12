package io.quickdrop.server.playback;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TakePart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that saves takes and repairs them until it is killed; it says a line whenever one is begun or done. */
final class KilledWorkshop {
    static final int TAKES = 3;

    private KilledWorkshop() {}

    /** {@code OUTPUT FILE}: the folder, and the bytes of every take. */
    public static void main(String[] arguments) throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of(arguments[1]));
        TestLaptop laptop = new TestLaptop(Path.of(arguments[0]));
        for (int i = 0; i < TAKES; i++) {
            SessionId id = new SessionId("take-" + i);
            if (laptop.recordings().find(id).isEmpty()) {
                laptop.save(id.value(), "webm", bytes, new TakePart("t" + i, 0, 0, null));
            }
        }
        System.out.println("opened");
        laptop.workSaying(id -> System.out.println("changed " + id));
        new CountDownLatch(1).await(); // until it is killed
    }
}
