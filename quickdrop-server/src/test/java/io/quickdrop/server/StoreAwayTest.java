package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.server.catalogue.TestPostgres;
import io.quickdrop.server.desktops.TestAgent;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole server whose PostgreSQL stops and comes back: what goes on, and what is refused how soon. */
@Timeout(180)
final class StoreAwayTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private TestPostgres postgres;
    private DesktopScene scene;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        postgres = TestPostgres.start();
        scene = new DesktopScene(folder, new ClusterSettings(postgres.newDatabase(), null, "north", null, false, null));
    }

    @AfterEach
    void stop() throws Exception {
        scene.close();
        postgres.close();
    }

    @Test
    void desktopsAndViewersGoOnAndRegistrationsAreRefusedUntilItIsBack() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer agent = scene.agentSocket();
        scene.register(agent, studio, scene.newCode());
        DesktopPeer viewer = scene.pageSocket();
        DesktopScene.handshake(viewer);
        String key = scene.pairedKey();
        assertThat(scene.statusFor(key, "/api/info"))
                .as("known, and not the operator")
                .isEqualTo(401);

        postgres.stop();
        Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(
                        health().get("status").getAsString())
                .isEqualTo("degraded"));
        assertThat(scene.call("GET", "/health/ready").statusCode()).isEqualTo(503);
        assertThat(health().getAsJsonObject("store").get("detail").getAsString())
                .isNotBlank();

        viewer.send(new StartStream("studio", null, null));
        assertThat(agent.next(StartCapture.class).screens())
                .as("who watches here needs no store")
                .isNotEmpty();
        DesktopPeer late = scene.agentSocket();
        long begun = System.nanoTime();
        scene.answer(late, new TestAgent("attic"), null);
        RegistrationFailed refused = late.next(RegistrationFailed.class);
        assertThat(refused.error()).isEqualTo(RegistrationError.STORE_UNAVAILABLE);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("a store that is known to be away is not waited for")
                .isLessThan(Duration.ofSeconds(5));
        assertThat(scene.statusFor(key, "/api/info"))
                .as("a phone that was known goes on")
                .isEqualTo(401);
        assertThat(scene.statusFor("A".repeat(43), "/api/info"))
                .as("whether somebody else is known can't be said")
                .isEqualTo(503);

        postgres.startAgain();
        Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(
                        health().get("status").getAsString())
                .isEqualTo("ok"));
        assertThat(scene.call("GET", "/health/ready").statusCode()).isEqualTo(200);
        assertThat(scene.desktops())
                .as("nobody was dropped for the outage")
                .anySatisfy(each -> assertThat(each.get("state").getAsString()).isEqualTo("online"));
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            DesktopPeer again = scene.agentSocket();
            assertThat(scene.register(again, new TestAgent("attic"), scene.newCode())
                            .epoch())
                    .isPositive();
        });
    }

    private JsonObject health() throws Exception {
        HttpResponse<byte[]> answer = scene.call("GET", "/health");
        assertThat(answer.statusCode()).as("it lives, whatever its store does").isEqualTo(200);
        return JsonParser.parseString(new String(answer.body(), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }
}
