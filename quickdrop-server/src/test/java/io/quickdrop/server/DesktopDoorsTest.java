package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.server.desktops.TestAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How agents come in: their door, their proof, their registration. The whole server over TLS on loopback. */
final class DesktopDoorsTest {
    private Path folder;
    private DesktopScene scene;

    @BeforeEach
    void start(@TempDir Path fresh) throws Exception {
        folder = fresh;
        scene = new DesktopScene(folder);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void anAgentEnrolsWithTheCodeOfTheCommandLine() throws Exception {
        JsonObject enrolment = DesktopScene.json(scene.call("POST", "/api/desktops/enrolment"));
        DesktopPeer agent = scene.agentSocket();
        HandshakeAck ack = scene.register(
                agent, new TestAgent("studio"), enrolment.get("code").getAsString());

        assertThat(ack.epoch()).isEqualTo(1);
        assertThat(ack.dbRegistered()).isTrue();
        assertThat(enrolment.get("pin").getAsString())
                .as("the authority in the chain that an agent sees")
                .isEqualTo("sha256:" + scene.keyHash(1));
        assertThat(DesktopScene.commands(enrolment)).isNotEmpty().allSatisfy(command -> assertThat(command)
                .matches("\\./quickdrop agent --server wss://\\S+:"
                        + scene.server().port() + " --code "
                        + enrolment.get("code").getAsString() + " --pin sha256:[0-9a-f]{64}"));
        assertThat(scene.desktops()).singleElement().satisfies(desktop -> {
            assertThat(desktop.get("clientId").getAsString()).isEqualTo("studio");
            assertThat(desktop.get("state").getAsString()).isEqualTo(DesktopClient.ONLINE);
            assertThat(desktop.get("fingerprint").getAsString()).hasSize(39);
        });
        assertThat(scene.audit())
                .contains("desktop_code", "desktop_enrol")
                .doesNotContain(DesktopScene.code(enrolment));
    }

    @Test
    void theCommandLineOfTheTerminalWorksToo() throws Exception {
        String code = scene.server().newAgentCommand().replaceAll(".*--code (\\S+).*", "$1");

        assertThat(scene.register(scene.agentSocket(), new TestAgent("studio"), code)
                        .epoch())
                .isEqualTo(1);
    }

    @Test
    void aSecondRegistrationSupersedesTheFirstUnderAHigherEpoch() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer first = scene.agentSocket();
        scene.register(first, studio, scene.newCode());

        HandshakeAck again = scene.register(scene.agentSocket(), studio, null);

        assertThat(again.epoch()).isEqualTo(2);
        assertThat(first.closing().code()).isEqualTo(CloseCode.SUPERSEDED.code());
        assertThat(scene.desktops()).singleElement().satisfies(desktop -> assertThat(
                        desktop.get("state").getAsString())
                .isEqualTo(DesktopClient.ONLINE));
    }

    @Test
    void theSignatureOfAnotherConnectionOpensNothing() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer first = scene.agentSocket();
        Handshake overheard = studio.handshake(first.next(Challenge.class), scene.keyHash(0), scene.newCode());
        first.send(overheard);
        first.next(HandshakeAck.class);

        DesktopPeer second = scene.agentSocket();
        second.next(Challenge.class);
        second.send(overheard);

        assertThat(second.next(RegistrationFailed.class).error()).isEqualTo(RegistrationError.SIGNATURE_WRONG);
        assertThat(second.closing().code()).isEqualTo(CloseCode.POLICY.code());
    }

    @Test
    void anAgentThatOnlyKnocksMayDoNothing() throws Exception {
        DesktopPeer agent = scene.agentSocket();
        agent.next(Challenge.class);

        for (String message : List.of(
                "{\"type\":\"start\",\"sessionId\":\"s\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1}",
                "{\"type\":\"subscribe_observer\"}",
                "{\"type\":\"get_desktop_clients\"}",
                "{\"type\":\"start_stream\",\"desktopClientId\":\"studio\"}",
                "{\"type\":\"desktop_command\",\"desktopClientId\":\"studio\",\"commandType\":\"screenshot\","
                        + "\"commandData\":{}}")) {
            agent.sendText(message);
            assertThat(agent.next(Problem.class).reason())
                    .as(message)
                    .matches("forbidden|not_registered|unknown_type:.*");
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.getFileName().toString().startsWith(".")))
                    .as("nothing was recorded")
                    .isEmpty();
        }
    }

    @Test
    void anAgentThatSaysNothingIsSentAwayAfterFiveSeconds() throws Exception {
        DesktopPeer agent = scene.agentSocket();
        agent.next(Challenge.class);
        Instant knocked = Instant.now();

        DesktopPeer.Closing closing = agent.closing();

        assertThat(Duration.between(knocked, closing.at())).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(7));
        assertThat(closing.code()).isIn(CloseCode.NOT_AUTHENTICATED.code(), CloseCode.NO_SIGN_OF_LIFE.code());
    }

    @Test
    void aPageCanNotPoseAsAnAgent() {
        assertThat(scene.refusal("", Subprotocol.V2, "Authorization", "Agent", "Origin", "https://evil.example"))
                .isEqualTo(403);
        assertThat(scene.refusal(
                        "",
                        Subprotocol.V2,
                        "Authorization",
                        "Agent",
                        "Origin",
                        "https://localhost:" + scene.server().port()))
                .as("not even one of this server's own")
                .isEqualTo(403);
        assertThat(scene.refusal("", Subprotocol.V2))
                .as("neither agent nor page")
                .isEqualTo(403);
        assertThat(scene.refusal("?client_type=toaster", null)).isEqualTo(400);
    }
}
