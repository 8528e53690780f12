package io.quickdrop.system.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.OtherAddress;
import io.quickdrop.system.harness.Pairing;
import io.quickdrop.system.harness.RawHttp;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Host, Origin, roles and paths of HTTP requests and upgrades. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FrontDoorTest {
    private ServerProcess server;
    private Door door;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = Launch.in(folder.resolve("out")).start();
        door = Door.of(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/phone", "/api/info", "/ws", "/nothing"})
    void aForeignHostGetsAnEmpty421(String path) {
        for (String host : List.of("evil.example", "evil.example:" + server.port(), "localhost:1", "localhost", "")) {
            RawHttp.Answer answer = RawHttp.get(door, path).header("Host", host).send();
            assertThat(answer.status()).as(host).isEqualTo(421);
            assertThat(answer.body()).isEmpty();
        }
        assertThat(RawHttp.get(door, path).header("Host", null).send().status()).isIn(400, 421);
    }

    @Test
    void mutationsNeedTheExactOrigin() {
        List<String> wrong = List.of(
                "null", "https://evil.example", "http://" + door.authority(), door.origin() + "/", "https://localhost");
        for (String path : List.of("/api/pairing", "/api/pair", "/api/media-session")) {
            for (String origin : wrong) {
                RawHttp.Answer answer = RawHttp.bare(door, "POST", path)
                        .header("Origin", origin)
                        .json("{}")
                        .send();
                assertThat(answer.status()).as(path + " from " + origin).isEqualTo(403);
                assertThat(answer.text()).contains("ORIGIN_NOT_ALLOWED");
            }
            assertThat(RawHttp.bare(door, "POST", path).json("{}").send().status())
                    .as(path + " without Origin")
                    .isEqualTo(403);
        }
        assertThat(RawHttp.bare(door, "DELETE", "/api/recordings/x").send().status())
                .isEqualTo(403);
    }

    @Test
    void upgradesNeedTheExactOriginAndV2NeedsOneAtAll() throws IOException {
        for (String origin : List.of("null", "https://evil.example", "http://" + door.authority())) {
            assertThat(upgradeStatus(Upgrade.v2(door).with("Origin", origin)))
                    .as(origin)
                    .isEqualTo(403);
            assertThat(upgradeStatus(Upgrade.v1().with("Origin", origin)))
                    .as("v1 " + origin)
                    .isEqualTo(403);
        }
        assertThat(upgradeStatus(Upgrade.v2(door).with("Origin", null))).isEqualTo(403);
        Upgrade commandLine =
                Upgrade.v2(door).with("Origin", null).with("Authorization", "Bearer " + server.operatorToken());
        assertThat(upgradeStatus(commandLine)).isEqualTo(101);
        assertThat(upgradeStatus(Upgrade.v2(door).with("Host", "evil.example"))).isEqualTo(421);
        assertThat(upgradeStatus(Upgrade.v2(door).with("Sec-WebSocket-Protocol", "chat")))
                .isEqualTo(400);
    }

    @Test
    void compressionIsDeclined() throws IOException {
        Upgrade offer = Upgrade.v2(door).with("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
        try (TestSocket socket = TestSocket.open(door, offer)) {
            assertThat(socket.upgraded()).isTrue();
            assertThat(socket.answer().header("Sec-WebSocket-Extensions")).isEmpty();
            assertThat(socket.answer().header("Sec-WebSocket-Protocol")).contains("quickdrop.v2");
        }
    }

    @Test
    void otherMachinesNeedTheOperatorsToken() throws IOException {
        Optional<Door> outside = OtherAddress.of(server);
        if (outside.isEmpty()) {
            return;
        }
        Door far = outside.get();
        for (String path : List.of("/api/info", "/api/devices", "/api/recordings/x/content")) {
            assertThat(RawHttp.get(far, path).send().status()).as(path).isEqualTo(401);
            assertThat(RawHttp.get(far, path)
                            .header("Authorization", "Bearer nonsense")
                            .send()
                            .status())
                    .as(path + " with a wrong token")
                    .isEqualTo(401);
        }
        assertThat(RawHttp.fromPage(far, "POST", "/api/pairing")
                        .json("{}")
                        .send()
                        .status())
                .isEqualTo(401);
        RawHttp.Answer allowed = RawHttp.get(far, "/api/info")
                .header("Authorization", "Bearer " + server.operatorToken())
                .send();
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.json().has("outputDir"))
                .as("paths are for the own machine")
                .isFalse();
        try (TestSocket socket = TestSocket.open(far, Upgrade.v2(far))) {
            assertThat(socket.closeCode()).isEqualTo(4401);
        }
        try (TestSocket socket = TestSocket.open(far, Upgrade.v2(far, "bm9uc2Vuc2Vub25zZW5zZW5vbnNlbnNl"))) {
            assertThat(socket.closeCode()).isEqualTo(4401);
        }
        Pairing.Device device = Pairing.pair(door, "Phone");
        assertThat(RawHttp.get(far, "/api/info")
                        .header("Authorization", "Bearer " + device.key())
                        .send()
                        .status())
                .as("a phone is no operator")
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/../../../../etc/passwd",
                "/assets/%2e%2e/%2e%2e/logback.xml",
                "/assets/..%2f..%2flogback.xml",
                "/assets/%5c..%5c..%5clogback.xml",
                "/assets//etc/passwd",
                "/assets/%00",
                "/assets/",
                "/api/recordings/..%2f..%2fetc%2fpasswd/content",
                "/api/recordings/%2e%2e/content",
                "/api/recordings/.quickdrop/content",
                "/.quickdrop/operator-token"
            })
    void nothingOutsideIsServed(String path) {
        RawHttp.Answer answer = RawHttp.get(door, path).send();
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.text()).doesNotContain("root:").doesNotContain("<configuration>");
    }

    @Test
    void pagesCarryAStrictPolicy() {
        for (String path : List.of("/", "/phone")) {
            RawHttp.Answer answer = RawHttp.get(door, path).send();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
            String policy = answer.header("Content-Security-Policy").orElse("");
            assertThat(policy)
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe-inline")
                    .doesNotContain("unsafe-eval");
        }
    }

    @Test
    void aRequestThatDripsIsEndedInTime() throws IOException {
        long begun = System.nanoTime();
        try (Socket tcp = new Socket();
                SSLSocket socket = dripping(tcp)) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET / HTTP/1.1\r\nHost: " + door.authority() + "\r\nX-Slow: ")
                    .getBytes(StandardCharsets.US_ASCII));
            AtomicLong endedNanos = new AtomicLong();
            await().pollInterval(Duration.ofMillis(250))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        try {
                            out.write('x');
                            return false;
                        } catch (IOException ended) {
                            endedNanos.set(System.nanoTime());
                            return true;
                        }
                    });
            double seconds = (endedNanos.get() - begun) / 1e9;
            System.out.printf("slow loris: N=1, ended after %.1f s%n", seconds);
            assertThat(seconds).isLessThan(16);
        }
    }

    private SSLSocket dripping(Socket tcp) throws IOException {
        tcp.connect(server.address());
        return (SSLSocket) server.tls().getSocketFactory().createSocket(tcp, "localhost", server.port(), true);
    }

    private int upgradeStatus(Upgrade upgrade) throws IOException {
        try (TestSocket socket = TestSocket.open(door, upgrade)) {
            return socket.answer().status();
        }
    }
}
