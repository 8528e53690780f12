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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of QR codes, device keys, and their end. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PairingFromOutsideTest {
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

    @Test
    void aSecretIsGoodOnceAndFiveBadTriesMustWait() {
        String secret = Pairing.secret(door);
        assertThat(Pairing.redeem(door, secret, "First").status()).isEqualTo(200);
        RawHttp.Answer reused = Pairing.redeem(door, secret, "Second");
        assertThat(reused.status()).isEqualTo(410);
        assertThat(reused.text()).contains("PAIRING_EXPIRED").doesNotContain(secret);
        for (int i = 0; i < 4; i++) {
            assertThat(Pairing.redeem(door, "AAAAAAAAAAAAAAAAAAAAA" + i, "Guess")
                            .status())
                    .isEqualTo(410);
        }
        RawHttp.Answer blocked = Pairing.redeem(door, Pairing.secret(door), "Sixth");
        assertThat(blocked.status()).isEqualTo(429);
        assertThat(Integer.parseInt(blocked.header("Retry-After").orElseThrow()))
                .isPositive();
    }

    @Test
    void aRevokedPhoneIsThrownOutInASecondAndStaysOut(@TempDir Path folder) throws IOException {
        try (ServerProcess own = Launch.in(folder.resolve("out")).start()) {
            Door ownDoor = Door.of(own);
            Pairing.Device device = Pairing.pair(ownDoor, "Lost phone");
            try (TestSocket socket = TestSocket.open(ownDoor, Upgrade.v2(ownDoor, device.key()))) {
                socket.text(
                        "{\"type\":\"start\",\"sessionId\":\"lost\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1}");
                socket.message("started");
                long begun = System.nanoTime();
                RawHttp.Answer revoked = RawHttp.fromPage(ownDoor, "DELETE", "/api/devices/" + device.id())
                        .send();
                assertThat(revoked.status()).isEqualTo(204);
                assertThat(socket.closeCode()).isEqualTo(4403);
                double seconds = (System.nanoTime() - begun) / 1e9;
                assertThat(seconds).isLessThan(1);
                System.out.printf("revoked phone: N=1, its socket was closed after %.3f s%n", seconds);
            }
            OtherAddress.of(own).ifPresent(far -> {
                try (TestSocket again = TestSocket.open(far, Upgrade.v2(far, device.key()))) {
                    assertThat(again.closeCode()).isEqualTo(4403);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void keysAreForTheOwnerAlone() throws IOException {
        Path data = server.output().resolve(".quickdrop");
        for (String name : List.of("operator-token", "catalogue.db", "audit.log", "tls/ca.pem", "tls/server.pem")) {
            assertThat(Files.getPosixFilePermissions(data.resolve(name)))
                    .as(name)
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        }
        assertThat(Files.getPosixFilePermissions(data)).hasSize(3).doesNotContain(PosixFilePermission.GROUP_READ);
    }

    @Test
    void noSecretIsInTheLogOrInTheAudit(@TempDir Path folder) throws IOException {
        try (ServerProcess own = Launch.in(folder.resolve("out")).start()) {
            Door ownDoor = Door.of(own);
            // Behind the welcome, which shows the operator's token and a code on purpose.
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(own.log()).content().contains("Scan with the phone"));
            String secret = Pairing.secret(ownDoor);
            String key =
                    Pairing.redeem(ownDoor, secret, "Phone").json().get("key").getAsString();
            Pairing.redeem(ownDoor, secret, "Again");
            try (TestSocket socket = TestSocket.open(ownDoor, Upgrade.v2(ownDoor, key))) {
                socket.message("hello");
                socket.text("{\"type\":\"start\"}");
                socket.message("error");
            }
            RawHttp.get(ownDoor, "/api/info?token=" + own.operatorToken()).send();
            own.terminate();
            String log = Files.readString(own.log());
            String said = log.substring(log.indexOf("Scan with the phone"));
            String audit = Files.readString(own.output().resolve(".quickdrop").resolve("audit.log"));
            assertThat(said + audit).doesNotContain(secret).doesNotContain(key).doesNotContain(own.operatorToken());
            assertThat(audit).contains("\"pair\"");
        }
    }
}
