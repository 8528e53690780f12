package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.server.desktops.TestAgent;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Desktops are commanded over HTTP. */
@Timeout(120)
class CommandsApiTest {
    private static final String TO_STUDIO = "/api/desktops/studio/commands";

    private DesktopScene scene;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        scene = new DesktopScene(folder);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("https://localhost:" + scene.server().port() + path))
                .timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return scene.client()
                .send(
                        request(path)
                                .header(
                                        "Origin",
                                        "https://localhost:" + scene.server().port())
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return scene.client().send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject json(HttpResponse<String> response) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    private DesktopPeer studio() throws Exception {
        DesktopPeer agent = scene.agentSocket();
        scene.register(agent, new TestAgent("studio"), scene.newCode());
        return agent;
    }

    private void studioIsOffline() throws Exception {
        studio().hangUp();
        await().atMost(Duration.ofSeconds(60)).until(() -> scene.desktops().stream()
                .allMatch(desktop -> desktop.get("state").getAsString().equals("offline")));
    }

    @Test
    void aCommandIsTakenFollowedAndKept() throws Exception {
        DesktopPeer agent = studio();
        HttpResponse<String> taken =
                post(TO_STUDIO, "{\"type\":\"config\",\"data\":{\"maxFps\":7},\"idempotencyKey\":\"k\"}");
        assertThat(taken.statusCode()).isEqualTo(202);
        JsonObject command = json(taken);
        String id = command.get("commandId").getAsString();
        assertThat(taken.headers().firstValue("Location")).contains("/api/commands/" + id);
        assertThat(command.get("status").getAsString()).isEqualTo("pending");
        assertThat(command.get("expiresTs").getAsLong()
                        - command.get("createdTs").getAsLong())
                .isEqualTo(30_000);

        Command sent = agent.next(Command.class);
        assertThat(sent.commandId()).isEqualTo(id);
        assertThat(sent.commandData().get("maxFps").getAsInt()).isEqualTo(7);
        assertThat(sent.expiresInMs()).isBetween(1L, 30_000L);
        HttpResponse<InputStream> stream = scene.client()
                .send(request("/api/commands/" + id + "/events").build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        await().until(() -> json(get("/api/commands/" + id)).get("status").getAsString(), "delivered"::equals);
        agent.send(new CommandResult(id, "completed", null, null));

        String events = new String(stream.body().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(events).contains("event: status\ndata: {\"commandId\":\"" + id + "\"");
        String last = events.strip().substring(events.strip().lastIndexOf("data: ") + 6);
        JsonObject ended = JsonParser.parseString(last).getAsJsonObject();
        assertThat(ended.get("status").getAsString()).isEqualTo("completed");
        assertThat(json(get("/api/commands/" + id))).isEqualTo(ended);
        JsonArray list = json(get(TO_STUDIO)).getAsJsonArray("commands");
        assertThat(list).containsExactly(ended);

        HttpResponse<String> again =
                post(TO_STUDIO, "{\"type\":\"config\",\"data\":{\"maxFps\":7},\"idempotencyKey\":\"k\"}");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(json(again)).isEqualTo(ended);
        HttpResponse<String> other =
                post(TO_STUDIO, "{\"type\":\"config\",\"data\":{\"maxFps\":8},\"idempotencyKey\":\"k\"}");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(json(other).get("error").getAsString()).isEqualTo("KEY_CONFLICT");
        assertThat(other.headers().firstValue("Location")).contains("/api/commands/" + id);
    }

    @Test
    void aStreamOfACommandThatHasEndedSaysSoAndEnds() throws Exception {
        studioIsOffline();
        String id = json(post(TO_STUDIO, "{\"type\":\"config\",\"expiresInMs\":1}"))
                .get("commandId")
                .getAsString();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> json(get("/api/commands/" + id)).get("status").getAsString(), "expired"::equals);
        assertThat(get("/api/commands/" + id + "/events").body()).contains("\"status\":\"expired\"");
    }

    @Test
    void whatIsWrongIsSaidWithWhatIsAllowed() throws Exception {
        assertThat(post("/api/desktops/nobody/commands", "{\"type\":\"config\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(get("/api/commands/none").statusCode()).isEqualTo(404);
        assertThat(get("/api/commands/none/events").statusCode()).isEqualTo(404);
        studio();
        refused(400, "BAD_JSON", "[]");
        refused(400, "BAD_FIELD", "{}");
        refused(400, "BAD_COMMAND", "{\"type\":\"reboot\"}");
        refused(400, "BAD_FIELD", "{\"type\":\"config\",\"data\":7}");
        refused(400, "BAD_COMMAND", "{\"type\":\"config\",\"expiresInMs\":0}");
        refused(400, "BAD_COMMAND", "{\"type\":\"config\",\"expiresInMs\":86400001}");
        refused(400, "BAD_FIELD", "{\"type\":\"config\",\"expiresInMs\":1.5}");
        refused(400, "BAD_COMMAND", "{\"type\":\"config\",\"idempotencyKey\":\"\"}");
        refused(400, "BAD_FIELD", "{\"type\":\"config\",\"idempotencyKey\":\"" + "k".repeat(129) + "\"}");
        refused(413, "TOO_LARGE", "{\"type\":\"config\",\"data\":{\"x\":\"" + "y".repeat(8200) + "\"}}");
        assertThat(get(TO_STUDIO + "?limit=0").statusCode()).isEqualTo(400);
        assertThat(json(get(TO_STUDIO)).getAsJsonArray("commands")).isEmpty();
    }

    private void refused(int status, String error, String body) throws Exception {
        HttpResponse<String> answer = post(TO_STUDIO, body);
        assertThat(answer.statusCode()).as(body).isEqualTo(status);
        assertThat(json(answer).get("error").getAsString()).as(body).isEqualTo(error);
    }

    @Test
    void aPhoneCommandsNothing() throws Exception {
        studio();
        String key = scene.pairedKey();
        for (String path : List.of(TO_STUDIO, "/api/commands/none", "/api/commands/none/events")) {
            HttpResponse<String> answer = scene.client()
                    .send(
                            request(path)
                                    .header("Authorization", "Bearer " + key)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
        }
        HttpResponse<String> posted = scene.client()
                .send(
                        request(TO_STUDIO)
                                .header("Authorization", "Bearer " + key)
                                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"stop_capture\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(posted.statusCode()).isEqualTo(401);
        assertThat(json(get(TO_STUDIO)).getAsJsonArray("commands")).isEmpty();
    }

    @Test
    void streamsAreBoundedAndGiveTheirPlaceBack() throws Exception {
        studioIsOffline();
        String id = json(post(TO_STUDIO, "{\"type\":\"config\",\"expiresInMs\":600000}"))
                .get("commandId")
                .getAsString();
        String events = "/api/commands/" + id + "/events";
        List<InputStream> open = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            HttpResponse<InputStream> stream =
                    scene.client().send(request(events).build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.body().read()).as("it began").isEqualTo('e');
            open.add(stream.body());
        }
        HttpResponse<String> refused = get(events);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        for (InputStream stream : open) {
            stream.close();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> status(events) == 200);
    }

    private int status(String path) throws IOException, InterruptedException {
        HttpResponse<InputStream> stream =
                scene.client().send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream());
        stream.body().close();
        return stream.statusCode();
    }
}
