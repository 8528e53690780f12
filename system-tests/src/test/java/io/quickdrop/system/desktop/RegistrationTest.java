package io.quickdrop.system.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.peers.AgentKeyPair;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.TestAgent;
import io.quickdrop.system.peers.TestViewer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who may be a desktop, on the wire: nothing of one that is not registered is served, and the newest one owns its name. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RegistrationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

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

    private static GeneratedScreen screen() {
        return new GeneratedScreen(4, 3, 2, 7);
    }

    @Test
    void aWrongCodeIsRefusedWithAHintAndTheConnectionClosed() {
        try (TestAgent agent = TestAgent.knock(door, new AgentKeyPair(), "guesser", screen(), "WRONG-CODE0")) {
            JsonObject failed = agent.hear("registration_failed");
            assertThat(failed.get("error").getAsString()).isEqualTo("code_wrong");
            assertThat(failed.get("hint").getAsString()).contains("code");
            assertThat(agent.awaitClose(PATIENCE)).isEqualTo(1008);
            assertThat(Enrolment.listed(door, "guesser")).isEmpty();
        }
    }

    @Test
    void aCodeIsGoodOnce() {
        String code = Enrolment.offer(door).code();
        try (TestAgent first = TestAgent.register(door, new AgentKeyPair(), "first", screen(), code);
                TestAgent second = TestAgent.knock(door, new AgentKeyPair(), "second", screen(), code)) {
            assertThat(second.hear("registration_failed").get("error").getAsString())
                    .isEqualTo("code_wrong");
            assertThat(second.awaitClose(PATIENCE)).isEqualTo(1008);
            assertThat(first.isOver()).isFalse();
        }
    }

    @Test
    void aKeyThatIsNotTheEnrolledOneGetsNoDesktopsName() {
        AgentKeyPair thief = new AgentKeyPair();
        try (TestAgent owner = Enrolment.desktop(door, "owned", screen());
                TestAgent other = TestAgent.knock(
                        door, thief, "owned", screen(), Enrolment.offer(door).code())) {
            assertThat(other.hear("registration_failed").get("error").getAsString())
                    .isEqualTo("client_id_taken");
            assertThat(other.awaitClose(PATIENCE)).isEqualTo(1008);
            assertThat(owner.isOver()).isFalse();
            assertThat(Enrolment.isOnline(door, "owned")).isTrue();
        }
    }

    @Test
    void picturesOfADesktopThatIsNotRegisteredAreRefusedAndShownToNobody() {
        try (TestViewer viewer = TestViewer.of(door);
                TestAgent waiting = TestAgent.knock(door, new AgentKeyPair(), "waiting", screen(), null)) {
            waiting.hear("registration_pending");
            waiting.sendFrame();
            assertThat(waiting.hear("error").get("reason").getAsString()).isEqualTo("not_registered");
            viewer.say("{\"type\":\"start_stream\",\"desktopClientId\":\"waiting\",\"monitorId\":0}");
            viewer.hear("error");
            assertThat(viewer.frames()).isZero();
            assertThat(Enrolment.isOnline(door, "waiting")).isFalse();
        }
    }

    @Test
    void anAgentThatIsNotEnrolledIsApprovedByItsFingerprint() {
        try (TestAgent waiting = TestAgent.knock(door, new AgentKeyPair(), "asking", screen(), null)) {
            String shown =
                    waiting.hear("registration_pending").get("fingerprint").getAsString();
            assertThat(Enrolment.pending(door, "asking")).hasValue(shown);
            Enrolment.approve(door, shown);
            waiting.awaitRegistered();
            assertThat(Enrolment.isOnline(door, "asking")).isTrue();
        }
    }

    @Test
    @SuppressWarnings("try") // its end is part of the story
    void theNewerOfTwoIsTheDesktopAndWhatTheOlderStillSendsOrItsEndChangesNothing() {
        AgentKeyPair key = new AgentKeyPair();
        String code = Enrolment.offer(door).code();
        try (TestViewer viewer = TestViewer.of(door);
                TestAgent older =
                        TestAgent.register(door, key, "twice", screen(), code).draw(10)) {
            viewer.watch("twice", 0);
            await().atMost(PATIENCE).until(() -> viewer.frames() > 3);
            try (TestAgent newer =
                    TestAgent.register(door, key, "twice", screen(), null).draw(10)) {
                assertThat(newer.epoch()).isGreaterThan(older.epoch());
                older.sendFrame();
                assertThat(older.awaitClose(PATIENCE)).isEqualTo(4409);
                older.close();
                newer.pause();
                await().atMost(PATIENCE).until(() -> viewer.glass().differences(newer.truth()) == 0);
                assertThat(Enrolment.isOnline(door, "twice")).isTrue();
                newer.resume();
                long before = viewer.frames();
                await().atMost(PATIENCE).until(() -> viewer.frames() > before + 5);
            }
        }
    }

    @Test
    void aRevokedDesktopIsGoneWithinASecondAndDoesNotComeBack() {
        AgentKeyPair key = new AgentKeyPair();
        try (TestViewer viewer = TestViewer.of(door);
                TestAgent agent = TestAgent.register(
                                door,
                                key,
                                "revoked",
                                screen(),
                                Enrolment.offer(door).code())
                        .draw(10)) {
            viewer.watch("revoked", 0);
            await().atMost(PATIENCE).until(() -> viewer.frames() > 3);
            long askedNanos = System.nanoTime();
            Enrolment.revoke(door, "revoked");
            assertThat(agent.awaitClose(PATIENCE)).isEqualTo(4403);
            double seconds = (System.nanoTime() - askedNanos) / 1e9;
            System.out.printf("revoked desktop: N=1, closed after %.3f s%n", seconds);
            assertThat(seconds).isLessThan(1);
            viewer.hear("stream_stopped");
            try (TestAgent again = TestAgent.knock(door, key, "revoked", screen(), null)) {
                assertThat(again.hear("registration_failed").get("error").getAsString())
                        .isEqualTo("revoked");
                assertThat(again.awaitClose(PATIENCE)).isEqualTo(1008);
            }
        }
    }

    @Test
    void acknowledgementsThatGetLostEverywhereStopNoStream() {
        try (TestAgent agent = Enrolment.desktop(door, "lossy", screen()).draw(20);
                TestViewer fair = TestViewer.of(door).watch("lossy", 0);
                TestViewer mute = new TestViewer.Setup()
                        .losing(number -> true)
                        .connect(door)
                        .watch("lossy", 0)) {
            await().atMost(PATIENCE).until(() -> fair.frames() > 30);
            long before = mute.frames();
            // A viewer that never acknowledges gets stills, and still comes to see what is there at the end.
            await().atMost(Duration.ofSeconds(30)).until(() -> mute.frames() > before + 3);
            agent.pause();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> mute.glass().differences(agent.truth()) == 0
                            && fair.glass().differences(agent.truth()) == 0);
        }
    }

    @Test
    void nothingIsAskedOfADesktopThatNobodyWatchesOrAllOfWhoseViewersAreHidden() {
        try (TestAgent agent = Enrolment.desktop(door, "unwatched", screen()).draw(20)) {
            assertThat(agent.heard("start_capture")).isZero();
            try (TestViewer one = TestViewer.of(door).watch("unwatched", 0);
                    TestViewer other = TestViewer.of(door).watch("unwatched", 0)) {
                await().atMost(PATIENCE).until(() -> one.frames() > 5 && other.frames() > 5);
                one.say("{\"type\":\"stop_stream\",\"desktopClientId\":\"unwatched\"}");
                assertThat(one.hear("stream_stopped").get("reason").getAsString())
                        .isEqualTo("asked");
                long before = other.frames();
                await().atMost(PATIENCE).until(() -> other.frames() > before + 10);
                other.hide(true);
                await().atMost(PATIENCE).until(() -> !agent.isWanted(Rendition.TILES));
                other.hide(false);
                await().atMost(PATIENCE).until(() -> agent.isWanted(Rendition.TILES));
            }
            await().atMost(PATIENCE).until(() -> !agent.isWanted(Rendition.TILES));
        }
    }

    @Test
    void aPageOfAStrangeOriginIsNoAgent() throws IOException {
        try (TestSocket socket = TestSocket.open(door, Upgrade.agent().with("Origin", "https://strange.test"))) {
            assertThat(socket.upgraded()).isFalse();
        }
    }
}
