package io.quickdrop.system.faults.link;

import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import io.quickdrop.system.harness.TrustedTls;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Phones that record and send at once, in a process of their own: on another machine, as it were.
 *
 * <p>Prints {@value #FLOWING} when bytes of all have been acknowledged, and a line for each that was saved.
 */
public final class LivePhones {
    static final String FLOWING = "flowing";
    static final String SAVED = "saved ";
    static final int BYTES_EACH = 1_500_000;

    private static final int SLICE_BYTES = 20_000;
    private static final long SLICE_NANOS = 100_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private LivePhones() {}

    /**
     * Exits with 0 when all are saved.
     *
     * @param arguments host, port, the authority's certificate, a device key, a seed, how many phones
     */
    public static void main(String[] arguments) {
        String host = arguments[0];
        int port = Integer.parseInt(arguments[1]);
        Door door =
                new Door(new InetSocketAddress(host, port), TrustedTls.of(Path.of(arguments[2])), host + ":" + port);
        long seed = Long.parseLong(arguments[4]);
        int count = Integer.parseInt(arguments[5]);
        try (ThreadWorkers workers = new ThreadWorkers()) {
            TestConnector connector = new TestConnector(door, Upgrade.v2(door, arguments[3]));
            List<TestUpload> uploads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                uploads.add(new TestUpload(
                        "live-" + seed + "-" + i,
                        new SeededBytes(seed + i, BYTES_EACH),
                        connector,
                        workers,
                        TestUpload.quickBackoff()));
            }
            record(uploads);
            for (TestUpload upload : uploads) {
                String name = upload.await(PATIENCE).fileName();
                System.out.println(SAVED + upload.bytes().seed() + " " + upload.connections() + " " + name);
            }
        }
        System.exit(0);
    }

    private static void record(List<TestUpload> uploads) {
        boolean flowing = false;
        for (long produced = SLICE_BYTES; produced < BYTES_EACH; produced += SLICE_BYTES) {
            for (TestUpload upload : uploads) {
                upload.produced(produced);
            }
            if (!flowing && uploads.stream().allMatch(upload -> upload.acknowledged() > 0)) {
                flowing = true;
                System.out.println(FLOWING);
            }
            LockSupport.parkNanos(SLICE_NANOS);
        }
        uploads.forEach(TestUpload::whole);
    }
}
