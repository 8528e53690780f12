package io.quickdrop.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.agent.link.FirstContact;
import io.quickdrop.websocket.PinnedTrust;
import io.quickdrop.websocket.ServerAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./quickdrop cluster-demo}, as a newcomer runs it. */
@Timeout(300)
class ClusterDemoTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    ClusterDemoTest() {}

    @Test
    void aNewcomerSeesADesktopOfOneInstanceOnTheOtherAndItSurvivesItsInstance() throws Exception {
        int port = twoFreePorts();
        Path out = folder.resolve("out");
        Process demo = start(port, out);
        try {
            await().atMost(PATIENCE).until(() -> said(out).contains("Ctrl-C stops all of it") || !demo.isAlive());
            String said = said(out);
            assertThat(said)
                    .contains("registered at instance one")
                    .contains("https://localhost:" + (port + 1) + "/watch#token=");
            assertThat(listedAt(port + 1).orElseThrow().get("instance").getAsString())
                    .isEqualTo("one");

            List<Long> first = pids(said);
            assertThat(first).hasSize(4); // PostgreSQL, two instances, the desktop
            kill("-KILL", first.get(1));
            await().atMost(PATIENCE).until(() -> said(out).contains("Goes on at"));
            await().atMost(PATIENCE).until(() -> listedAt(port + 1)
                    .filter(desktop -> desktop.get("state").getAsString().equals("online") && !desktop.has("instance"))
                    .isPresent());

            OutputStream keys = demo.getOutputStream();
            keys.write('\n');
            keys.flush();
            await().atMost(PATIENCE).until(() -> said(out).contains("Instance one is back"));

            kill("-TERM", demo.pid());
            assertThat(demo.waitFor()).isEqualTo(143); // ended by the signal, after it had ended everything
            List<Long> all = pids(said(out));
            await().atMost(PATIENCE).until(() -> all.stream().noneMatch(ClusterDemoTest::isAlive));
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void aKilledDemoLeavesNothingBehind() throws Exception {
        Path out = folder.resolve("out");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Process demo = start(twoFreePorts(), out, "-Djava.io.tmpdir=" + temporary);
        try {
            // PostgreSQL, and one instance
            await().atMost(PATIENCE).until(() -> pids(said(out)).size() == 2 || !demo.isAlive());
            List<Long> all = pids(said(out));
            assertThat(all).hasSize(2).allMatch(ClusterDemoTest::isAlive);
            demo.destroyForcibly().waitFor();
            await().atMost(PATIENCE).until(() -> all.stream().noneMatch(ClusterDemoTest::isAlive));
            await().atMost(PATIENCE).until(() -> {
                try (Stream<Path> left = Files.list(temporary)) {
                    return left.noneMatch(each -> each.getFileName().toString().startsWith("quickdrop-cluster"));
                }
            });
        } finally {
            demo.destroyForcibly();
        }
    }

    private static Process start(int port, Path out, String... javaOptions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(javaOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.quickdrop.demo.Main"));
        command.addAll(List.of("--virtual-screen", "--port", String.valueOf(port)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    private static String said(Path out) throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private static List<Long> pids(String said) {
        List<Long> pids = new ArrayList<>();
        Matcher matcher = Pattern.compile("process (\\d+)").matcher(said);
        while (matcher.find()) {
            pids.add(Long.parseLong(matcher.group(1)));
        }
        return pids;
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static void kill(String signal, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", signal, String.valueOf(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** The demo's desktop as an instance lists it; its own computer is the operator. */
    private static Optional<JsonObject> listedAt(int port) throws IOException, InterruptedException {
        String address = "https://localhost:" + port;
        PinnedTrust trust = new PinnedTrust(FirstContact.look(ServerAddress.parse(address)));
        HttpClient client = HttpClient.newBuilder().sslContext(trust.context()).build();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + "/api/desktops")).build();
        String answer =
                client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        for (JsonElement each : JsonParser.parseString(answer).getAsJsonObject().getAsJsonArray("desktops")) {
            if (each.getAsJsonObject().get("clientId").getAsString().equals("demo-desktop")) {
                return Optional.of(each.getAsJsonObject());
            }
        }
        return Optional.empty();
    }

    /** The first of two that follow each other. */
    private static int twoFreePorts() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket one = new ServerSocket(port);
                    ServerSocket two = new ServerSocket(port + 1)) {
                assertThat(one.isBound() && two.isBound()).isTrue();
                return port;
            } catch (IOException taken) {
                // then others
            }
        }
    }
}
