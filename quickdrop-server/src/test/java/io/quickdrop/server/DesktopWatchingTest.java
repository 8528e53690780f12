package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.protocol.ViewerMessage.DesktopClientsList;
import io.quickdrop.protocol.ViewerMessage.DesktopCommand;
import io.quickdrop.protocol.ViewerMessage.GetDesktopClients;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.server.desktops.TestAgent;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who watches, who orders, and who may not; v1 desktops. The whole server over TLS on loopback. */
final class DesktopWatchingTest {
    private DesktopScene scene;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        scene = new DesktopScene(folder);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void theOperatorWatchesAndThatIsNoted() throws Exception {
        scene.register(scene.agentSocket(), new TestAgent("studio"), scene.newCode());
        DesktopPeer viewer = scene.pageSocket();
        DesktopScene.handshake(viewer);

        viewer.send(new GetDesktopClients());
        assertThat(viewer.next(DesktopClientsList.class).clients())
                .extracting(DesktopClient::clientId)
                .containsExactly("studio");
        viewer.send(new StartStream("studio", null, null));
        viewer.send(new DesktopCommand("studio", "screenshot", new JsonObject(), "k"));
        viewer.hangUp();

        Awaitility.await().untilAsserted(() -> assertThat(scene.audit())
                .contains("\"desktop_watch\"", "\"desktop_command\"", "\"desktop_unwatch\""));
    }

    @Test
    void aPairedPhoneMayNeitherWatchNorControl() throws Exception {
        scene.register(scene.agentSocket(), new TestAgent("studio"), scene.newCode());
        DesktopPeer phone = scene.connect(
                "",
                Subprotocol.V2 + "," + Subprotocol.TOKEN_PREFIX + scene.pairedKey(),
                "Origin",
                "https://localhost:" + scene.server().port());

        phone.send(new GetDesktopClients());
        assertThat(phone.next(Problem.class).reason()).isEqualTo("forbidden");
        phone.send(new StartStream("studio", null, null));
        assertThat(phone.next(Problem.class).reason()).isEqualTo("forbidden");
        phone.send(new DesktopCommand("studio", "stop_capture", new JsonObject(), null));
        assertThat(phone.next(Problem.class).reason()).isEqualTo("forbidden");
        assertThat(scene.audit()).doesNotContain("desktop_watch").doesNotContain("desktop_command");
    }

    @Test
    void anOldDesktopIsServedOnLoopbackButNotUnderAnEnrolledName() throws Exception {
        scene.register(scene.agentSocket(), new TestAgent("studio"), scene.newCode());
        DesktopPeer old = scene.connect("?client_type=desktop&client_id=old-1", null);
        old.sendText("{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"desktop\",\"clientId\":\"old-1\"}}");
        Awaitility.await().untilAsserted(() -> assertThat(scene.desktops()).hasSize(2));

        DesktopPeer impostor = scene.connect("?client_type=desktop&client_id=studio", null);
        impostor.sendText(
                "{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"desktop\",\"clientId\":\"studio\"}}");

        assertThat(impostor.closing().code()).isEqualTo(CloseCode.POLICY.code());
        assertThat(scene.desktops())
                .filteredOn(desktop -> desktop.get("clientId").getAsString().equals("studio"))
                .singleElement()
                .satisfies(desktop ->
                        assertThat(desktop.get("generation").getAsInt()).isEqualTo(2));
    }

    @Test
    void aScreenshotThatIsNotThereIsNotFound() throws Exception {
        assertThat(scene.call("GET", "/api/desktops/studio/screenshots/none").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aScreenshotIsFetchedAsAFileThatNothingRuns() throws Exception {
        DesktopPeer agent = scene.agentSocket();
        HandshakeAck ack = scene.register(agent, new TestAgent("studio"), scene.newCode());
        DesktopPeer viewer = scene.pageSocket();
        DesktopScene.handshake(viewer);

        JsonObject wish = new JsonObject();
        wish.addProperty("screen", 0);
        viewer.send(new DesktopCommand("studio", "screenshot", wish, "mine"));
        Command command = agent.next(Command.class);
        agent.sendBinary(part(ack, command, "first half, ", 0));
        agent.sendBinary(part(ack, command, "second half", FrameHeader.FLAG_LAST_PART));
        agent.send(new CommandResult(command.commandId(), "completed", null, null));

        CommandStatus status = viewer.next(CommandStatus.class);
        while (!status.status().equals("completed")) {
            assertThat(status.status()).isIn("pending", "delivered");
            status = viewer.next(CommandStatus.class);
        }
        assertThat(status.idempotencyKey()).isEqualTo("mine");
        String url = "/api/desktops/studio/screenshots/" + command.commandId();
        assertThat(status.result()).isNotNull();
        assertThat(status.result().get("url").getAsString()).isEqualTo(url);
        HttpResponse<byte[]> file = scene.call("GET", url);
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.body()).asString(StandardCharsets.UTF_8).isEqualTo("first half, second half");
        assertThat(file.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(file.headers().firstValue("Content-Security-Policy")).contains("sandbox; default-src 'none'");
        assertThat(file.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"studio-screen-0.png\"");
    }

    private static byte[] part(HandshakeAck ack, Command command, String content, int flags) {
        long handle = ack.desktopHandle() == null ? 0 : ack.desktopHandle();
        FrameHeader header = new FrameHeader(
                PictureCodec.PNG,
                flags,
                0,
                ack.epoch(),
                1,
                command.fence(),
                1,
                1,
                1280,
                720,
                Rendition.SCREENSHOT,
                100,
                0,
                handle);
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        return new Frame(header, List.of(new Tile(0, 0, 1280, 720, bytes)))
                .encode()
                .array();
    }
}
