package io.quickdrop.system.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken frames, endless messages and floods: they end the one who sends them, and nobody else. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SocketBoundsTest {
    private static final String START =
            "{\"type\":\"start\",\"sessionId\":\"bounds\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1}";

    private ServerProcess server;
    private Door door;
    private ThreadWorkers workers;
    private CuttingProxy slow;
    private TestUpload beside;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = Launch.in(folder.resolve("out"))
                .jvm("-Xmx128m", "-XX:+ExitOnOutOfMemoryError")
                .start();
        door = Door.of(server);
        workers = new ThreadWorkers();
        slow = new CuttingProxy(server.address());
        slow.limit(1_000_000);
        Door slowly = door.through(slow);
        beside = new TestUpload(
                        "beside",
                        new SeededBytes(1, 12_000_000),
                        new TestConnector(slowly, Upgrade.v2(slowly)),
                        workers,
                        TestUpload.quickBackoff())
                .whole();
        await().atMost(Duration.ofSeconds(20)).until(() -> beside.acknowledged() > 0);
    }

    @AfterAll
    void theUploadBesideIsWholeAndWasNeverInterrupted() {
        String name = beside.await(Duration.ofSeconds(60)).fileName();
        assertThat(RecordingFolder.names(server.output())).contains(name);
        assertThat(beside.connections()).isEqualTo(1);
        workers.close();
        slow.close();
        server.close();
        System.out.println("upload beside nonsense: N=1, one connection, saved with its own SHA-256");
    }

    private TestSocket connect() throws IOException {
        TestSocket socket = TestSocket.open(door, Upgrade.v2(door));
        assertThat(socket.upgraded()).isTrue();
        return socket;
    }

    @Test
    void aTextOfMoreThan64KiBIsClosedWith1009() throws IOException {
        try (TestSocket socket = connect()) {
            socket.text("{\"type\":\"ping\",\"x\":\"" + "a".repeat(64 * 1024) + "\"}");
            assertThat(socket.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void aBinaryMessageOfMoreThanOneMiBIsClosedWith1009() throws IOException {
        try (TestSocket socket = connect()) {
            socket.text(START);
            socket.message("started");
            socket.binary(new byte[(1 << 20) + 1]);
            assertThat(socket.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void anEndlessMessageOfSmallFragmentsIsClosedWith1009() throws IOException {
        try (TestSocket socket = connect()) {
            socket.text(START);
            socket.message("started");
            byte[] fragment = new byte[8 + 60_000];
            for (int i = 0; i < 20; i++) {
                fragment[0] = (byte) (i == 0 ? TestSocket.BINARY : 0);
                fragment[1] = (byte) (0x80 | 126);
                fragment[2] = (byte) (60_000 >> 8);
                fragment[3] = (byte) 60_000;
                socket.raw(fragment, fragment.length);
            }
            assertThat(socket.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void textThatIsNotUtf8IsClosedWith1007() throws IOException {
        try (TestSocket socket = connect()) {
            socket.frame(TestSocket.TEXT, new byte[] {'{', (byte) 0xc3, (byte) 0x28, '}'});
            assertThat(socket.closeCode()).isEqualTo(1007);
        }
    }

    @Test
    void anUnmaskedFrameIsClosedWith1002() throws IOException {
        try (TestSocket socket = connect()) {
            socket.raw(new byte[] {(byte) 0x81, 2, '{', '}'}, 4);
            assertThat(socket.closeCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x83, 0x8b, 0xc1, 0xf2})
    void reservedOpcodesAndBitsAreClosedWith1002(int firstByte) throws IOException {
        try (TestSocket socket = connect()) {
            socket.raw(new byte[] {(byte) firstByte, (byte) 0x80, 0, 0, 0, 0}, 6);
            assertThat(socket.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void aFloodOfNonsenseIsClosed() throws IOException {
        long seed = Long.getLong("quickdrop.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Integer> codes = new ArrayList<>();
        int sent = 0;
        for (int flood = 0; flood < 5; flood++) {
            try (TestSocket socket = connect()) {
                try {
                    for (int i = 0; i < 3_000; i++) {
                        if (random.nextBoolean()) {
                            socket.text(nonsense(random));
                        } else {
                            byte[] bytes = new byte[random.nextInt(200)];
                            random.nextBytes(bytes);
                            socket.binary(bytes);
                        }
                        sent++;
                    }
                } catch (IOException closed) {
                    // the server has had enough
                }
                codes.add(socket.closeCode());
            }
        }
        System.out.printf("nonsense: N=%d messages sent, closed with %s, seed %d%n", sent, codes, seed);
        assertThat(codes).allSatisfy(code -> assertThat(code).isIn(1008, 4429));
    }

    private static String nonsense(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "";
            case 1 -> "{\"type\":\"" + random.nextInt() + "\"}";
            case 2 -> "[".repeat(random.nextInt(5_000));
            case 3 -> "{\"type\":\"end\",\"sessionId\":\"" + random.nextInt() + "\",\"totalBytes\":-1}";
            case 4 -> "{\"type\":\"start\",\"sessionId\":\"../" + random.nextInt() + "\"}";
            default -> "\u0000".repeat(random.nextInt(100));
        };
    }

    @Test
    void onlyWhoSpeaksInFiveSecondsStays() throws IOException {
        try (TestSocket socket = connect()) {
            socket.patience(7_000);
            socket.message("hello");
            long begun = System.nanoTime();
            assertThat(socket.closeCode()).isGreaterThanOrEqualTo(1000);
            System.out.printf("mute connection: N=1, closed after %.1f s%n", (System.nanoTime() - begun) / 1e9);
        }
    }
}
