package io.quickdrop.system.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.Pairing;
import io.quickdrop.system.harness.RawHttp;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Uploads by single requests: offsets, digests, owners, and WebSockets on the same sessions. One server for all. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpUploadTest {
    private static final String PARTIAL = "application/partial-upload";
    private static final int ROUNDS = 30;

    private final Map<String, SeededBytes> expected = new HashMap<>();
    private ServerProcess server;
    private Door door;
    private String key;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = Launch.in(folder.resolve("out")).start();
        door = Door.of(server);
        key = Pairing.pair(door, "Firefox").key();
    }

    @AfterAll
    void stop() {
        try {
            RecordingFolder.assertRecordingsExactly(server.output(), expected);
        } finally {
            server.close();
        }
    }

    @Test
    void anUploadInPartsIsSavedWholeAndEveryOffsetIsTold() {
        SeededBytes bytes = new SeededBytes(1, 3_000_000);
        RawHttp.Answer created = create("parts", Map.of());
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).contains("/api/uploads/parts");
        assertThat(created.header("Upload-Offset")).contains("0");
        assertThat(created.header("Upload-Complete")).contains("?0");
        assertThat(created.header("Upload-Limit").orElse(""))
                .contains("max-size=")
                .contains("max-age=");
        assertThat(created.json().get("type").getAsString()).isEqualTo("started");

        RawHttp.Answer first =
                patch("parts", 0, false).bytes(slice(bytes, 0, 1_000_000)).send();
        assertThat(first.status()).isEqualTo(204);
        assertThat(first.header("Upload-Offset")).contains("1000000");
        assertThat(first.header("Upload-Complete")).contains("?0");
        RawHttp.Answer asked = request("HEAD", "/api/uploads/parts").send();
        assertThat(asked.status()).isEqualTo(204);
        assertThat(asked.header("Upload-Offset")).contains("1000000");
        assertThat(asked.header("Cache-Control")).contains("no-store");
        patch("parts", 1_000_000, false)
                .bytes(slice(bytes, 1_000_000, 1_000_000))
                .send();
        RawHttp.Answer last = patch("parts", 2_000_000, true)
                .header("Repr-Digest", "sha-256=:" + base64(HexFormat.of().parseHex(bytes.sha256())) + ":")
                .bytes(slice(bytes, 2_000_000, 1_000_000))
                .send();

        assertThat(last.status()).isEqualTo(200);
        assertThat(last.header("Upload-Complete")).contains("?1");
        assertThat(last.json().get("sha256").getAsString()).isEqualTo(bytes.sha256());
        expected.put(last.json().get("fileName").getAsString(), bytes);
        RawHttp.Answer after = request("HEAD", "/api/uploads/parts").send();
        assertThat(after.header("Upload-Complete")).contains("?1");
        assertThat(after.header("Upload-Offset")).contains("3000000");
        assertThat(after.header("Repr-Digest")).isEqualTo(last.header("Repr-Digest"));
        assertThat(request("GET", "/api/uploads/parts").send().json()).isEqualTo(last.json());
        RawHttp.Answer late = patch("parts", 3_000_000, true).bytes(new byte[0]).send();
        assertThat(late.status()).isEqualTo(400);
        assertThat(late.json().get("type").getAsString())
                .isEqualTo("https://iana.org/assignments/http-problem-types#completed-upload");
    }

    @Test
    void aPartThatBeginsElsewhereIsRefusedWithTheRightOffset() {
        create("elsewhere", Map.of());
        patch("elsewhere", 0, false).bytes(new byte[100]).send();
        for (long wrong : new long[] {0, 99, 101, 1_000_000}) {
            RawHttp.Answer refused =
                    patch("elsewhere", wrong, false).bytes(new byte[50]).send();
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.header("Content-Type")).contains("application/problem+json");
            assertThat(refused.header("Upload-Offset")).contains("100");
            JsonObject problem = refused.json();
            assertThat(problem.get("type").getAsString())
                    .isEqualTo("https://iana.org/assignments/http-problem-types#mismatching-upload-offset");
            assertThat(problem.get("expected-offset").getAsLong()).isEqualTo(100);
            assertThat(problem.get("provided-offset").getAsLong()).isEqualTo(wrong);
        }
        assertThat(request("DELETE", "/api/uploads/elsewhere").send().status()).isEqualTo(204);
        assertThat(request("HEAD", "/api/uploads/elsewhere").send().status()).isEqualTo(404);
        assertThat(patch("elsewhere", 0, false).bytes(new byte[5]).send().status())
                .isEqualTo(404);
    }

    @Test
    void aDamagedPartLeavesNothingBehind() throws Exception {
        SeededBytes bytes = new SeededBytes(2, 200_000);
        create("digest", Map.of());
        byte[] part = slice(bytes, 0, 100_000);
        String sha256 =
                "sha-256=:" + base64(MessageDigest.getInstance("SHA-256").digest(part)) + ":";
        CRC32C crc = new CRC32C();
        crc.update(part);
        String crc32c = "crc32c=:"
                + base64(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array()) + ":";
        byte[] damaged = part.clone();
        damaged[50_000] ^= 1;
        for (String digest : List.of(sha256, crc32c)) {
            RawHttp.Answer refused = patch("digest", 0, false)
                    .header("Content-Digest", digest)
                    .bytes(damaged)
                    .send();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().get("reason").getAsString()).isEqualTo("digest_mismatch");
            assertThat(refused.header("Upload-Offset")).contains("0");
        }
        assertThat(patch("digest", 0, false)
                        .header("Content-Digest", crc32c)
                        .bytes(part)
                        .send()
                        .header("Upload-Offset"))
                .contains("100000");
        String wrong = "sha-256=:" + base64(new byte[32]) + ":";
        RawHttp.Answer mismatch = patch("digest", 100_000, true)
                .header("Repr-Digest", wrong)
                .bytes(slice(bytes, 100_000, 100_000))
                .send();
        assertThat(mismatch.status()).isEqualTo(422);
        assertThat(mismatch.json().get("reason").getAsString()).isEqualTo("integrity_mismatch");
        RawHttp.Answer saved = patch("digest", 200_000, true).bytes(new byte[0]).send();
        assertThat(saved.status()).isEqualTo(200);
        expected.put(saved.json().get("fileName").getAsString(), bytes);
    }

    @Test
    void lengthsThatDisagreeAreRefused() {
        RawHttp.Answer both = request("POST", "/api/uploads?sessionId=lengths")
                .header("Upload-Complete", "?1")
                .header("Upload-Length", "7")
                .bytes(new byte[5])
                .send();
        assertThat(both.status()).isEqualTo(400);
        assertThat(both.json().get("type").getAsString())
                .isEqualTo("https://iana.org/assignments/http-problem-types#inconsistent-upload-length");
        RawHttp.Answer created = request("POST", "/api/uploads?sessionId=lengths")
                .header("Upload-Complete", "?0")
                .header("Upload-Length", "10")
                .bytes(new byte[5])
                .send();
        assertThat(created.status()).isEqualTo(201);
        assertThat(request("HEAD", "/api/uploads/lengths").send().header("Upload-Length"))
                .contains("10");
        assertThat(patch("lengths", 5, false).bytes(new byte[6]).send().status())
                .isEqualTo(400);
        assertThat(patch("lengths", 5, true).bytes(new byte[4]).send().status()).isEqualTo(400);
        request("DELETE", "/api/uploads/lengths").send();
    }

    @Test
    void whoeverIsNotTheOwnerGetsNothing() {
        create("mine", Map.of());
        String other = Pairing.pair(door, "Another").key();
        for (String method : List.of("HEAD", "GET", "DELETE")) {
            assertThat(RawHttp.bare(door, method, "/api/uploads/mine")
                            .header("Authorization", "Bearer " + other)
                            .send()
                            .status())
                    .isEqualTo(403);
        }
        assertThat(RawHttp.bare(door, "PUT", "/api/uploads/mine")
                        .header("Authorization", "Bearer " + other)
                        .bytes(new byte[10])
                        .send()
                        .status())
                .isEqualTo(403);
        assertThat(RawHttp.bare(door, "PUT", "/api/uploads/mine")
                        .header("Authorization", "Bearer nonsense")
                        .header("Origin", door.origin())
                        .bytes(new byte[10])
                        .send()
                        .status())
                .isEqualTo(401);
        assertThat(RawHttp.bare(door, "PUT", "/api/uploads/mine")
                        .bytes(new byte[10])
                        .send()
                        .status())
                .as("no key and no Origin")
                .isEqualTo(403);
        assertThat(RawHttp.bare(door, "PUT", "/api/uploads/mine")
                        .header("Host", "evil.example:8443")
                        .bytes(new byte[10])
                        .send()
                        .status())
                .isEqualTo(421);
        request("DELETE", "/api/uploads/mine").send();
    }

    @Test
    void aSocketGoesOnWhereRequestsStoppedAndTheOtherWayRound() throws Exception {
        SeededBytes bytes = new SeededBytes(3, 400_000);
        create("mixed", Map.of());
        patch("mixed", 0, false).bytes(slice(bytes, 0, 150_000)).send();
        try (TestSocket socket = TestSocket.open(door, Upgrade.v2(door, key))) {
            socket.text(start("mixed").replace("\"start\"", "\"resume\""));
            assertThat(socket.message("started").get("bytes").getAsLong()).isEqualTo(150_000);
            RawHttp.Answer looked = request("HEAD", "/api/uploads/mixed").send();
            assertThat(looked.header("Upload-Offset")).contains("150000");
            RawHttp.Answer taken = patch("mixed", 150_000, false)
                    .bytes(slice(bytes, 150_000, 100_000))
                    .send();
            assertThat(taken.status()).isEqualTo(204);
            assertThat(socket.closeCode()).isEqualTo(4409);
        }
        try (ThreadWorkers workers = new ThreadWorkers()) {
            TestUpload rest = new TestUpload(
                            "mixed",
                            bytes,
                            new TestConnector(door, Upgrade.v2(door, key)),
                            workers,
                            TestUpload.quickBackoff())
                    .whole();
            expected.put(rest.await(Duration.ofSeconds(30)).fileName(), bytes);
        }
    }

    @Test
    void ofTwoThatRaceOneOwnsAndTheBytesAreExact() throws Exception {
        SeededBytes bytes = new SeededBytes(4, 600_000);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        System.out.println("two HTTP senders, one session: seed " + seed);
        create("race", Map.of());
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Future<Map<Integer, Integer>>> both = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                long own = random.nextLong();
                both.add(two.submit(() -> race(bytes, new Random(own))));
            }
            Map<Integer, Integer> statuses = new HashMap<>();
            for (Future<Map<Integer, Integer>> one : both) {
                one.get().forEach((status, count) -> statuses.merge(status, count, Integer::sum));
            }
            System.out.println("two HTTP senders, one session: answers " + statuses);
            assertThat(statuses.keySet()).isSubsetOf(204, 409);
        } finally {
            two.shutdownNow();
        }
        int at = (int) Long.parseLong(request("HEAD", "/api/uploads/race")
                .send()
                .header("Upload-Offset")
                .orElseThrow());
        RawHttp.Answer saved =
                patch("race", at, true).bytes(slice(bytes, at, 600_000 - at)).send();
        assertThat(saved.json().get("sha256").getAsString()).isEqualTo(bytes.sha256());
        expected.put(saved.json().get("fileName").getAsString(), bytes);
    }

    private Map<Integer, Integer> race(SeededBytes bytes, Random random) {
        Map<Integer, Integer> statuses = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) { // for ever, each would take the session from the other for ever
            long at = Long.parseLong(request("HEAD", "/api/uploads/race")
                    .send()
                    .header("Upload-Offset")
                    .orElse("0"));
            if (at >= bytes.length()) {
                break;
            }
            int length = (int) Math.min(1 + random.nextInt(60_000), bytes.length() - at);
            RawHttp.Answer answer;
            try {
                answer =
                        patch("race", at, false).bytes(slice(bytes, at, length)).send();
            } catch (java.io.UncheckedIOException cutByTheOther) {
                continue;
            }
            statuses.merge(answer.status(), 1, Integer::sum);
        }
        return statuses;
    }

    private RawHttp.Answer create(String id, Map<String, String> headers) {
        RawHttp post = request("POST", "/api/uploads?start=" + URLEncoder.encode(start(id), StandardCharsets.UTF_8))
                .header("Upload-Complete", "?0");
        headers.forEach(post::header);
        return post.bytes(new byte[0]).send();
    }

    private static String start(String id) {
        return "{\"type\":\"start\",\"sessionId\":\"" + id
                + "\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"label\":\"Küche\",\"ts\":1}";
    }

    private RawHttp patch(String id, long offset, boolean complete) {
        return request("PATCH", "/api/uploads/" + id)
                .header("Content-Type", PARTIAL)
                .header("Upload-Offset", Long.toString(offset))
                .header("Upload-Complete", complete ? "?1" : "?0");
    }

    private RawHttp request(String method, String target) {
        return RawHttp.bare(door, method, target).header("Authorization", "Bearer " + key);
    }

    private static byte[] slice(SeededBytes bytes, long from, int length) {
        ByteBuffer read = bytes.read(from, length);
        byte[] part = new byte[read.remaining()];
        read.get(part);
        return Arrays.copyOf(part, length);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
