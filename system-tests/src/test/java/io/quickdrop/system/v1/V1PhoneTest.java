package io.quickdrop.system.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.OtherAddress;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The wire of protocol section 5, byte by byte: no subprotocol, no Origin, chunks without header. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class V1PhoneTest {
    private ServerProcess server;
    private final Map<String, SeededBytes> saved = new HashMap<>();

    @BeforeAll
    void start(@TempDir Path folder) {
        server = Launch.in(folder.resolve("out")).byEnvironment().start();
    }

    @AfterAll
    void stop() {
        RecordingFolder.assertRecordingsExactly(server.output(), saved);
        server.close();
        System.out.println("v1 phone: N=" + saved.size() + " recordings, all byte-exact in the output folder");
    }

    private TestSocket connect() throws IOException {
        TestSocket socket = TestSocket.open(Door.of(server), Upgrade.v1());
        assertThat(socket.upgraded()).isTrue();
        return socket;
    }

    private static String start(String id, String more) {
        return "{\"type\":\"start\",\"sessionId\":\"" + id
                + "\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1700000000000" + more + "}";
    }

    private static String end(String id, SeededBytes bytes, int chunks) {
        return "{\"type\":\"end\",\"sessionId\":\"" + id + "\",\"totalBytes\":" + bytes.length() + ",\"chunks\":"
                + chunks + "}";
    }

    private static void send(TestSocket socket, SeededBytes bytes, long from, long to) throws IOException {
        for (long at = from; at < to; at += 100_000) {
            socket.binary(bytes.read(at, (int) Math.min(100_000, to - at)).array());
        }
    }

    private void assertSaved(TestSocket socket, SeededBytes bytes) throws IOException {
        JsonObject answer = socket.message("saved");
        assertThat(answer.get("bytes").getAsLong()).isEqualTo(bytes.length());
        assertThat(answer.get("expectedBytes").getAsLong()).isEqualTo(bytes.length());
        saved.put(answer.get("fileName").getAsString(), bytes);
    }

    @Test
    void itIsGreetedWithFolderAndPhonePageAndItsEnvironmentIsHonoured() throws IOException {
        try (TestSocket socket = connect()) {
            JsonObject hello = socket.message("hello");
            assertThat(hello.get("outputDir").getAsString())
                    .isEqualTo(server.output().toString());
            assertThat(hello.get("phoneUrl").getAsString()).endsWith(":" + server.port() + "/phone");
            socket.text("{\"type\":\"ping\",\"ts\":42}");
            assertThat(socket.message("pong").get("ts").getAsLong()).isEqualTo(42);
        }
    }

    @Test
    void twoRecordingsInARowOnOneConnectionAreBothExact() throws IOException {
        try (TestSocket socket = connect()) {
            for (int i = 0; i < 2; i++) {
                SeededBytes bytes = new SeededBytes(10 + i, 3_000_000 + i);
                socket.text(start("row-" + i, ""));
                JsonObject started = socket.message("started");
                assertThat(started.has("fileName")).isTrue();
                send(socket, bytes, 0, bytes.length());
                assertThat(socket.message("progress").get("bytes").getAsLong()).isPositive();
                socket.text(end("row-" + i, bytes, 31));
                assertSaved(socket, bytes);
            }
        }
    }

    @Test
    void itResumesAtTheOffsetItIsTold() throws IOException {
        SeededBytes bytes = new SeededBytes(20, 5_000_000);
        try (TestSocket socket = connect()) {
            socket.text(start("resumed", ""));
            socket.message("started");
            send(socket, bytes, 0, 2_000_000);
            socket.message("progress");
        }
        try (TestSocket socket = connect()) {
            socket.text(start("resumed", ",\"resume\":true"));
            JsonObject started = socket.message("started");
            assertThat(started.get("resumed").getAsBoolean()).isTrue();
            long offset = started.get("bytes").getAsLong();
            assertThat(offset).isBetween(1L, 2_000_000L);
            send(socket, bytes, offset, bytes.length());
            socket.text(end("resumed", bytes, 50));
            assertSaved(socket, bytes);
        }
    }

    @Test
    void aResumeOfAnUnknownSessionStartsAFreshFile() throws IOException {
        SeededBytes bytes = new SeededBytes(30, 123_456);
        try (TestSocket socket = connect()) {
            socket.text(start("never-seen", ",\"resume\":true"));
            JsonObject started = socket.message("started");
            assertThat(started.get("resumed").getAsBoolean()).isFalse();
            send(socket, bytes, 0, bytes.length());
            socket.text(end("never-seen", bytes, 2));
            assertSaved(socket, bytes);
        }
    }

    @Test
    void anEndBeforeTheLastChunksWaitsForThem() throws IOException {
        SeededBytes bytes = new SeededBytes(40, 900_000);
        try (TestSocket socket = connect()) {
            socket.text(start("early-end", ""));
            socket.message("started");
            send(socket, bytes, 0, 500_000);
            socket.text(end("early-end", bytes, 9));
            send(socket, bytes, 500_000, bytes.length());
            assertSaved(socket, bytes);
        }
    }

    @Test
    void oneFrameOf64MiBIsStreamedIntoAServerOf128MiBAndALongerOneIsRefused(@TempDir Path folder) throws IOException {
        int most = 64 << 20;
        SeededBytes bytes = new SeededBytes(50, most);
        Launch small = Launch.in(folder.resolve("out")).jvm("-Xmx128m", "-XX:+ExitOnOutOfMemoryError");
        try (ServerProcess narrow = small.start()) {
            Door door = Door.of(narrow);
            try (TestSocket socket = TestSocket.open(door, Upgrade.v1())) {
                socket.patience(30_000);
                socket.text(start("huge", ""));
                socket.message("started");
                socket.announce(TestSocket.BINARY, most);
                for (int at = 0; at < most; at += 1 << 20) {
                    socket.raw(bytes.read(at, 1 << 20).array(), 1 << 20);
                }
                socket.text(end("huge", bytes, 1));
                String name = socket.message("saved").get("fileName").getAsString();
                RecordingFolder.assertRecordingsExactly(narrow.output(), Map.of(name, bytes));
            }
            try (TestSocket socket = TestSocket.open(door, Upgrade.v1())) {
                socket.text(start("too-long", ""));
                socket.message("started");
                socket.announce(TestSocket.BINARY, most + 1L);
                assertThat(socket.closeCode()).isEqualTo(1009);
            }
            System.out.println("v1: N=1 frame of 64 MiB streamed at -Xmx128m, exact; one byte more: 1009");
        }
    }

    @Test
    void otherMachinesAreRefusedUnlessTheOperatorAllowsV1(@TempDir Path folder) throws IOException {
        Optional<Door> outside = OtherAddress.of(server);
        if (outside.isPresent()) {
            try (TestSocket socket = TestSocket.open(outside.get(), Upgrade.v1())) {
                assertThat(socket.answer().status()).isEqualTo(403);
                assertThat(socket.answer().text()).startsWith("V1_NOT_ALLOWED");
            }
        }
        try (ServerProcess open =
                Launch.in(folder.resolve("out")).with("--allow-v1").start()) {
            Optional<Door> door = OtherAddress.of(open);
            if (door.isPresent()) {
                try (TestSocket socket = TestSocket.open(door.get(), Upgrade.v1())) {
                    assertThat(socket.upgraded()).isTrue();
                    socket.message("hello");
                }
            }
        }
    }
}
