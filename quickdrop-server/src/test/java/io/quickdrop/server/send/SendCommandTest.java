package io.quickdrop.server.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.Receipt;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.testing.CuttingProxy;
import io.quickdrop.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class SendCommandTest {
    private static final Pattern SAVED = Pattern.compile("saved as (?<id>send-[0-9a-f-]+)\\.(?<ext>\\w+) ");

    private Path home;

    private final InMemoryRecordingStore store = new InMemoryRecordingStore(Clock.systemUTC());
    private TestServer server;
    private CuttingProxy proxy;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        home = folder;
        server = TestServer.plain(store);
        proxy = new CuttingProxy(server.port());
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        server.close();
    }

    @Test
    void filesOfEveryKindAreSavedOneAfterTheOther() throws Exception {
        Path video = file("holiday.MP4", 3_000_000);
        Path empty = file("empty", 0);
        Path odd = file("notes.a-very-odd-ending", 70_000);

        Result result = send(video, empty, odd);

        assertThat(result.err).isEmpty();
        assertThat(result.code).isZero();
        List<SessionId> saved = saved(result);
        assertThat(store.bytes(saved.get(0))).contains(Files.readAllBytes(video));
        assertThat(store.bytes(saved.get(1))).contains(new byte[0]);
        assertThat(store.bytes(saved.get(2))).contains(Files.readAllBytes(odd));
        String sha256 = store.saved(saved.get(0)).orElseThrow().sha256();
        assertThat(sha256).isNotNull();
        assertThat(result.out)
                .contains(saved.get(0) + ".mp4 (3.0 MB, receipt " + Receipt.of(sha256) + ", SHA-256 " + sha256 + ")")
                .contains(saved.get(1) + ".bin");
        assertThat(remembered()).isEmpty();
    }

    @Test
    void aFileThatCanNotBeSentIsNamedAndTheOthersAreSent() throws Exception {
        Path good = file("good.txt", 1000);

        Result result = send(home.resolve("missing.mp4"), home, good);

        assertThat(result.code).isEqualTo(1);
        assertThat(result.err.lines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).endsWith("missing.mp4 can't be sent: there is no such file."))
                .anySatisfy(line -> assertThat(line).startsWith(home + " is a directory"))
                .anySatisfy(line -> assertThat(line).isEqualTo("2 of 3 files could not be sent."));
        assertThat(store.bytes(saved(result).get(0))).contains(Files.readAllBytes(good));
    }

    @Test
    void aWrongCommandLineIsToldApart() {
        assertThat(run().code).isEqualTo(2);
        assertThat(run("--server", "ftp://x", "file").err).contains("allowed is an address like");
        assertThat(run("--give-up-after", "soon", "file").err).contains("allowed are times like 90s, 10m or 2h");
        assertThat(run("--give-up-after", "soon", "file").code).isEqualTo(2);
    }

    @Test
    void helpNamesEveryOptionAndExitCode() {
        Result result = run("--help");

        assertThat(result.code).isZero();
        assertThat(result.out)
                .contains("--server", "--token", "QUICKDROP_TOKEN", "--label", "--ca", "--give-up-after", "--quiet")
                .containsPattern("(?s)\\n +0 .*\\n +1 .*\\n +2 .*\\n +130 ");
    }

    @Test
    void quietMeansSilentUnlessSomethingFails() throws Exception {
        Result result = send("--quiet", file("a.txt", 10));

        assertThat(result).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void cutsOnTheWayLeaveNoTrace() throws Exception {
        Path file = file("a.mp4", 4_000_000);
        proxy.cutAt(300_000, 1_500_000, 2_000_001);

        Result result = sendByProxy(file);

        assertThat(result.code).as(result.err).isZero();
        assertThat(proxy.connections()).isEqualTo(4);
        assertThat(store.bytes(saved(result).get(0))).contains(Files.readAllBytes(file));
    }

    @Test
    void aKilledProcessIsGoneOnWithByTheSameCommand() throws Exception {
        Path file = file("a.mp4", 8_000_000);
        proxy.holdAfter(3_000_000);
        Process child = child(file);
        await().atMost(Duration.ofSeconds(60)).until(() -> durableBytes() > 1_000_000);
        assertThat(remembered()).hasSize(1).allSatisfy(SendCommandTest::assertPrivate);

        child.destroyForcibly().waitFor();
        proxy.cutAll();
        proxy.release();
        long durable = durableBytes();
        long before = proxy.passedBytes();
        Result result = sendByProxy(file);

        assertThat(result.code).as(result.err).isZero();
        assertThat(result.out).contains("Going on with a.mp4.");
        assertThat(proxy.passedBytes() - before).isLessThan(8_000_000 - durable + 100_000);
        assertThat(store.bytes(saved(result).get(0))).contains(Files.readAllBytes(file));
        assertThat(remembered()).isEmpty();
    }

    @Test
    void aTerminatedProcessSaysHowToGoOn() throws Exception {
        Path file = file("a.mp4", 8_000_000);
        proxy.holdAfter(3_000_000);
        Process child = child(file);
        await().atMost(Duration.ofSeconds(60)).until(() -> durableBytes() > 1_000_000);

        child.destroy();

        assertThat(child.waitFor()).isEqualTo(143);
        String said = Files.readString(home.resolve("child.err"));
        assertThat(said)
                .contains("Interrupted. ", "of 8.0 MB of a.mp4 are safe", "The same command goes on from there.");
    }

    @Test
    void anInterruptedRunEndsWith130AndGoesOn() throws Exception {
        Path file = file("a.mp4", 8_000_000);

        assertThat(interruptMidway(file)).isEqualTo(130);

        Result result = sendByProxy(file);
        assertThat(result.code).as(result.err).isZero();
        assertThat(store.bytes(saved(result).get(0))).contains(Files.readAllBytes(file));
    }

    @Test
    void aServerThatRestartsMidwayIsComeBackTo() throws Exception {
        Path file = file("a.mp4", 8_000_000);
        proxy.holdAfter(3_000_000);
        CompletableFuture<Result> running = CompletableFuture.supplyAsync(() -> sendByProxy(file));
        await().until(() -> durableBytes() > 1_000_000);

        server.close();
        store.crash();
        server = TestServer.plain(store);
        proxy.passOnTo(server.port());
        proxy.cutAll();
        proxy.release();

        Result result = running.get(60, TimeUnit.SECONDS);
        assertThat(result.code).as(result.err).isZero();
        assertThat(store.bytes(saved(result).get(0))).contains(Files.readAllBytes(file));
    }

    @Test
    void aFileThatChangedSinceIsSentAnew() throws Exception {
        Path file = file("a.mp4", 8_000_000);
        interruptMidway(file);
        Files.write(file, new byte[] {1, 2, 3});

        Result result = sendByProxy(file);

        assertThat(result.code).as(result.err).isZero();
        assertThat(result.out).contains("a.mp4 has changed since it was begun, so it is sent anew");
        assertThat(store.bytes(saved(result).get(0))).contains(new byte[] {1, 2, 3});
        assertThat(remembered()).isEmpty();
    }

    @Test
    void aFileThatChangedUnnoticedIsMendedToWhatItHoldsNow() throws Exception {
        Path file = file("a.mp4", 8_000_000);
        FileTime modified = Files.getLastModifiedTime(file);
        interruptMidway(file);
        byte[] other = Files.readAllBytes(file);
        other[0]++;
        Files.write(file, other);
        Files.setLastModifiedTime(file, modified);

        Result result = sendByProxy(file);

        assertThat(result.code).as(result.err).isZero();
        assertThat(store.bytes(saved(result).get(0))).contains(other);
        assertThat(remembered()).isEmpty();
    }

    @Test
    void aSessionThatTheServerEndedIsBegunAnew() throws Exception {
        Path file = file("a.mp4", 8_000_000);
        interruptMidway(file);
        server.keepPartial();
        await().until(() -> store.unfinished().isEmpty());

        Result result = sendByProxy(file);

        assertThat(result.code).as(result.err).isZero();
        assertThat(result.out).contains("The server has ended the earlier upload of a.mp4");
        assertThat(store.bytes(saved(result).get(0))).contains(Files.readAllBytes(file));
    }

    @Test
    void aFullDiskIsToldAndWaitedFor() throws Exception {
        Path file = file("a.mp4", 8_000_000);
        store.limitTo(2_000_000);
        StringWriter out = new StringWriter();
        CompletableFuture<Integer> running = CompletableFuture.supplyAsync(
                () -> command(out, new StringWriter()).execute("--server", url(server.port()), file.toString()));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> out.toString().contains("waiting for the server (storage_full"));
        store.limitTo(Long.MAX_VALUE);

        assertThat(running.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aWrongTokenIsSaidSo() throws Exception {
        try (TestServer strict = new TestServer(store, 0, null, "right")) {
            Path file = file("a.txt", 10);

            Result wrong = run("--server", url(strict.port()), "--token", "wrong", file.toString());
            Result right = run("--server", url(strict.port()), "--token", "right", file.toString());

            assertThat(wrong.code).isEqualTo(1);
            assertThat(wrong.err)
                    .contains("does not know this device's key", "--token or QUICKDROP_TOKEN")
                    .doesNotContain("wrong");
            assertThat(right.code).as(right.err).isZero();
        }
    }

    @Test
    void aServerOutOfReachIsGivenUpWhenAsked() throws Exception {
        int freePort;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            freePort = taken.getLocalPort();
        }
        Path file = file("a.txt", 10);

        Result result = run("--server", url(freePort), "--give-up-after", "2s", file.toString());

        assertThat(result.code).isEqualTo(1);
        assertThat(result.err).contains("was out of reach for 2 s (nobody answers there", "The same command goes on");
        assertThat(result.out).contains("no connection, next try in");
    }

    @Test
    void theOwnServersAuthorityIsTrustedAndNoStrangers(@TempDir Path elsewhere) throws Exception {
        Path file = file("a.txt", 10);
        try (TestServer own = new TestServer(
                        store, 0, TestTls.server(home.resolve("QuickDrop/.quickdrop"), "localhost"), null);
                TestServer strange = new TestServer(store, 0, TestTls.server(elsewhere, "localhost"), null)) {
            String strangeUrl = "https://localhost:" + strange.port();

            assertThat(run("--server", "https://localhost:" + own.port(), file.toString()).code)
                    .isZero();
            Result refused = run("--server", strangeUrl, file.toString());
            assertThat(refused.code).isEqualTo(1);
            assertThat(refused.err)
                    .contains("can't be trusted: it was issued by an authority", strangeUrl + "/ca.crt", "--ca");
            String authority = elsewhere.resolve("tls/ca.crt").toString();
            assertThat(run("--server", strangeUrl, "--ca", authority, file.toString()).code)
                    .isZero();
            assertThat(run("--server", strangeUrl, "--ca", file.toString(), file.toString()).err)
                    .contains("holds no certificate");
        }
    }

    /** Lets a run come to 1 MB, interrupts it, and returns its exit code. */
    private int interruptMidway(Path file) throws Exception {
        proxy.holdAfter(3_000_000);
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread thread = new Thread(() -> code.complete(sendByProxy(file).code));
        thread.start();
        await().until(() -> durableBytes() > 1_000_000);
        thread.interrupt();
        int result = code.get(30, TimeUnit.SECONDS);
        proxy.cutAll();
        proxy.release();
        return result;
    }

    private long durableBytes() {
        return store.unfinished().stream()
                .mapToLong(found -> found.durableBytes())
                .sum();
    }

    private Path file(String name, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return Files.write(home.resolve(name), content);
    }

    private Result send(Object... arguments) {
        return run(Stream.concat(
                        Stream.of("--server", url(server.port())),
                        Stream.of(arguments).map(Object::toString))
                .toArray(String[]::new));
    }

    private Result sendByProxy(Path file) {
        return run("--server", url(proxy.port()), file.toString());
    }

    private static String url(int port) {
        return "http://localhost:" + port;
    }

    private Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = command(out, err).execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }

    private CommandLine command(StringWriter out, StringWriter err) {
        return new CommandLine(new SendCommand(home, false))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
    }

    private Process child(Path file) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + home,
                        "-cp",
                        String.valueOf(classPath),
                        Main.class.getName(),
                        "send",
                        "--server",
                        url(proxy.port()),
                        file.toString())
                .redirectOutput(home.resolve("child.out").toFile())
                .redirectError(home.resolve("child.err").toFile())
                .start();
    }

    private static List<SessionId> saved(Result result) {
        List<SessionId> ids = new ArrayList<>();
        for (Matcher match = SAVED.matcher(result.out); match.find(); ) {
            ids.add(new SessionId(match.group("id")));
        }
        return ids;
    }

    private List<Path> remembered() throws IOException {
        Path folder = home.resolve(".quickdrop/sends");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    private static void assertPrivate(Path file) {
        if (Files.getFileAttributeView(file, PosixFileAttributeView.class) != null) {
            try {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
