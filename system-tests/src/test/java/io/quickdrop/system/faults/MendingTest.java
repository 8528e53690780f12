package io.quickdrop.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.protocol.Chunk;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are damaged where no chunk's checksum can tell, against the real server, by a client that says each word itself. */
@ExtendWith(ShowServerLogs.class)
final class MendingTest {
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final SeededBytes SOURCE = new SeededBytes(13, 15 * BLOCK_BYTES + 1_000);
    private static final String SESSION = "mended-1";
    /** Kills in the midst of mending, each at another moment. */
    private static final int KILLS = Integer.getInteger("quickdrop.faults.mendingKills", 5);

    @Test
    void damageThatEveryChecksumMissedIsFoundNamedAndMended(@TempDir Path folder) throws IOException {
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                Uploading client = new Uploading(server)) {
            client.open("start");
            client.send(Set.of(3, 9, 15));

            JsonObject blocks = client.end("blocks");
            assertThat(blocks.get("reason").getAsString()).isEqualTo("integrity_mismatch");
            assertThat(differing(blocks)).containsExactly(3, 9, 15);
            differing(blocks).forEach(client::repair);
            assertSaved(server, client.end("saved"));
        }
    }

    @Test
    void aByteThatFlipsOnTheDiskBehindItsAcknowledgementIsMended(@TempDir Path folder) throws IOException {
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                Uploading client = new Uploading(server)) {
            client.open("start");
            client.send(Set.of());
            while (client.socket.message("progress").get("bytes").getAsLong() < SOURCE.length()) {
                // until every byte is acknowledged
            }
            flip(incoming(server), 7L * BLOCK_BYTES + 5);

            JsonObject blocks = client.end("blocks");
            assertThat(differing(blocks)).containsExactly(7);
            client.repair(7);
            assertSaved(server, client.end("saved"));
        }
    }

    @Test
    void aPartIsComparedMoreCloselyWhenAsked(@TempDir Path folder) throws IOException {
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                Uploading client = new Uploading(server)) {
            client.open("start");
            client.send(Set.of(2));
            client.end("blocks");
            client.socket.text("{\"type\":\"compare\",\"sessionId\":\"" + SESSION + "\",\"offset\":" + 2 * BLOCK_BYTES
                    + ",\"bytes\":" + 2 * BLOCK_BYTES + "}");

            assertThat(differing(client.socket.message("blocks"))).containsExactly(2);
        }
    }

    @Test
    void aClientThatCannotMendIsToldAsEverAndNothingIsSaved(@TempDir Path folder) throws IOException {
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                Uploading client = new Uploading(server)) {
            client.open("start");
            client.send(Set.of(3));
            client.socket.text("{\"type\":\"end\",\"sessionId\":\"" + SESSION + "\",\"totalBytes\":" + SOURCE.length()
                    + ",\"sha256\":\"" + SOURCE.sha256() + "\"}");

            assertThat(client.socket.message("error").get("reason").getAsString())
                    .isEqualTo("integrity_mismatch");
            client.repair(3);
            assertThat(RecordingFolder.names(server.output())).isEmpty();
        }
    }

    @Test
    void aServerKilledInTheMidstOfMendingFindsOutAgainWhatDiffers(@TempDir Path folder) throws IOException {
        try (ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            try (Uploading client = new Uploading(server)) {
                client.open("start");
                client.send(Set.of(0, 4, 8, 12));
                client.awaitDurable(); // or the first kill may rightly take back what was never acknowledged
                client.end("blocks");
                client.repair(0);
                client.repair(4);
            }
            int differed = 0;
            for (int kill = 1; kill <= KILLS; kill++) {
                LockSupport.parkNanos(kill * 3_000_000L); // somewhere between the first byte and the last
                server.kill9();
                server.start();
                try (Uploading client = new Uploading(server)) {
                    assertThat(client.open("resume").get("bytes").getAsLong()).isEqualTo(SOURCE.length());
                    Set<Integer> differing = differing(client.end("blocks"));
                    assertThat(Set.of(0, 4, 8, 12)).containsAll(differing);
                    assertThat(differing).contains(8, 12);
                    differed = differing.size();
                    client.repair(0);
                    client.repair(4);
                }
            }
            try (Uploading client = new Uploading(server)) {
                client.open("resume");
                differing(client.end("blocks")).forEach(client::repair);
                assertSaved(server, client.end("saved"));
            }
            System.out.printf("killed in the midst of mending: N=%d, blocks that differed last %d%n", KILLS, differed);
        }
    }

    private static void assertSaved(ServerProcess server, JsonObject saved) {
        assertThat(saved.get("sha256").getAsString()).isEqualTo(SOURCE.sha256());
        RecordingFolder.assertRecordingsExactly(
                server.output(), Map.of(saved.get("fileName").getAsString(), SOURCE));
    }

    /** Numbers of the blocks of the whole that the server has otherwise. */
    private static Set<Integer> differing(JsonObject blocks) {
        assertThat(blocks.get("blockBytes").getAsInt()).isEqualTo(BLOCK_BYTES);
        Set<Integer> found = new TreeSet<>();
        int number = blocks.get("offset").getAsInt() / BLOCK_BYTES;
        for (JsonElement hash : blocks.getAsJsonArray("hashes")) {
            if (!hash.getAsString().equals(sha256(block(number)))) {
                found.add(number);
            }
            number++;
        }
        return found;
    }

    private static ByteBuffer block(int number) {
        long offset = (long) number * BLOCK_BYTES;
        return SOURCE.read(offset, (int) Math.min(BLOCK_BYTES, SOURCE.length() - offset));
    }

    private static Path incoming(ServerProcess server) throws IOException {
        try (Stream<Path> files =
                Files.list(server.output().resolve(".quickdrop").resolve("incoming"))) {
            List<Path> found = files.toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 8));
            channel.write(one.flip(), at);
        }
    }

    private static String sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** A connection that uploads the source. */
    private static final class Uploading implements AutoCloseable {
        final TestSocket socket;

        Uploading(ServerProcess server) throws IOException {
            Door door = Door.of(server);
            socket = TestSocket.open(door, Upgrade.v2(door));
            socket.patience(60_000);
            socket.message("hello");
        }

        /** Says {@code start} or {@code resume} and waits for {@code started}. */
        JsonObject open(String type) throws IOException {
            socket.text("{\"type\":\"" + type + "\",\"sessionId\":\"" + SESSION
                    + "\",\"mime\":\"application/octet-stream\",\"ext\":\"bin\",\"ts\":1760000000000}");
            return socket.message("started");
        }

        /** Sends all, some blocks of it damaged and with the checksum of the damage. */
        void send(Set<Integer> damaged) throws IOException {
            for (int number = 0; (long) number * BLOCK_BYTES < SOURCE.length(); number++) {
                ByteBuffer bytes = block(number);
                if (damaged.contains(number)) {
                    bytes.put(number, (byte) (bytes.get(number) ^ 1));
                }
                socket.binary(
                        Chunk.of((long) number * BLOCK_BYTES, bytes).encode().array());
            }
        }

        /** Waits until everything is acknowledged. */
        void awaitDurable() throws IOException {
            long bytes = 0;
            while (bytes < SOURCE.length()) {
                bytes = socket.message("progress").get("bytes").getAsLong();
            }
        }

        void repair(int number) {
            try {
                Chunk chunk = Chunk.repairOf((long) number * BLOCK_BYTES, block(number));
                socket.binary(chunk.encode().array());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Says {@code end} as one who can mend, and waits for the answer. */
        JsonObject end(String answer) throws IOException {
            socket.text("{\"type\":\"end\",\"sessionId\":\"" + SESSION + "\",\"totalBytes\":" + SOURCE.length()
                    + ",\"sha256\":\"" + SOURCE.sha256() + "\",\"canRepair\":true}");
            return socket.message(answer);
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
