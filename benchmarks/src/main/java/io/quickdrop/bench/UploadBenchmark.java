package io.quickdrop.bench;

import static io.quickdrop.bench.Medians.median;

import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.websocket.WebSocketConnector;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What uploads cost the real server: MB/s and CPU seconds per GB for several uploaders over TLS, forced each MiB,
 * beside {@link PlainWriter} with the same bytes on the same disk, in turn, round by round.
 */
public final class UploadBenchmark {
    private static final int MEBIBYTE = 1024 * 1024;

    private final int uploaders;
    private final int mebibytes;
    private final List<Figure> relay = new ArrayList<>();
    private final List<Figure> plain = new ArrayList<>();

    /**
     * One run's outcome.
     *
     * @param megabytesPerSecond of payload, all uploaders together
     * @param cpuSecondsPerGigabyte of the server's (or writer's) process
     * @param peakMebibytes most resident memory of that process
     */
    public record Figure(double megabytesPerSecond, double cpuSecondsPerGigabyte, long peakMebibytes) {}

    /** Plans runs of {@code uploaders} × {@code mebibytes}. */
    public UploadBenchmark(int uploaders, int mebibytes) {
        this.uploaders = uploaders;
        this.mebibytes = mebibytes;
    }

    /** Arguments: rounds, uploaders, MiB each; by default 5, 4, 256. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int uploaders = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
        int mebibytes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 256;
        UploadBenchmark benchmark = new UploadBenchmark(uploaders, mebibytes);
        benchmark.run(rounds);
        System.out.print(benchmark.report());
    }

    /** Runs both sides {@code rounds} times in turn, after one round of warm-up for the server. */
    public void run(int rounds) throws Exception {
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "upload-benchmark-");
        try (ChildJvm server = new ChildJvm(
                List.of("-Xmx128m"),
                "io.quickdrop.server.Main",
                List.of(
                        "server",
                        "--local-only",
                        "--port",
                        "0",
                        "--out",
                        folder.resolve("out").toString()))) {
            String dashboard = server.awaitLine("https://localhost:").strip();
            int port = URI.create(dashboard.substring(dashboard.indexOf("https://")))
                    .getPort();
            Connector connector = connector(folder.resolve("out/.quickdrop"), port);
            Uploaders load = new Uploaders(mebibytes * MEBIBYTE);
            load.run(uploaders, connector);
            for (int round = 0; round < rounds; round++) {
                deleteRecordings(folder.resolve("out"));
                relay.add(upload(server, load, connector));
                plain.add(write(folder));
                System.out.printf(
                        Locale.ROOT, "round %d: relay %s, plain %s%n", round + 1, relay.get(round), plain.get(round));
            }
        } finally {
            deleteTree(folder);
        }
    }

    /** The relay's figures, a round each. */
    public List<Figure> relay() {
        return List.copyOf(relay);
    }

    /** Medians of both sides and of the ratios round by round, as a Markdown table. */
    public String report() {
        return String.format(
                Locale.ROOT,
                "| %d uploaders × %d MiB, %d rounds, medians | MB/s | CPU-s/GB | peak RSS MiB |%n|---|---|---|---|%n"
                        + "| relay, TLS, forced each MiB, -Xmx128m | %.0f | %.2f | %.0f |%n"
                        + "| plain write and force | %.0f | %.2f | %.0f |%n| ratio, round by round | %.2f | %.2f | |%n",
                uploaders,
                mebibytes,
                relay.size(),
                median(relay.stream().map(Figure::megabytesPerSecond)),
                median(relay.stream().map(Figure::cpuSecondsPerGigabyte)),
                median(relay.stream().map(figure -> (double) figure.peakMebibytes())),
                median(plain.stream().map(Figure::megabytesPerSecond)),
                median(plain.stream().map(Figure::cpuSecondsPerGigabyte)),
                median(plain.stream().map(figure -> (double) figure.peakMebibytes())),
                median(ratios(Figure::megabytesPerSecond)),
                median(ratios(Figure::cpuSecondsPerGigabyte)));
    }

    private interface Part {
        double of(Figure figure);
    }

    private Stream<Double> ratios(Part part) {
        return Stream.iterate(0, i -> i < relay.size(), i -> i + 1)
                .map(i -> part.of(relay.get(i)) / part.of(plain.get(i)));
    }

    private Figure upload(ChildJvm server, Uploaders load, Connector connector) throws Exception {
        Duration cpuBefore = server.cpu();
        long start = System.nanoTime();
        load.run(uploaders, connector);
        long nanos = System.nanoTime() - start;
        return figure(nanos, server.cpu().minus(cpuBefore), server.peakResidentMebibytes());
    }

    private Figure write(Path folder) throws IOException {
        Path plainFolder = Files.createDirectory(folder.resolve("plain"));
        long bytes = (long) mebibytes * MEBIBYTE;
        try (ChildJvm writer = new ChildJvm(
                List.of("-Xmx128m"),
                PlainWriter.class.getName(),
                List.of(plainFolder.toString(), Integer.toString(uploaders), Long.toString(bytes)))) {
            long nanos = Long.parseLong(writer.awaitLine("done ").substring("done ".length()));
            return figure(nanos, writer.cpu(), writer.peakResidentMebibytes());
        } finally {
            deleteTree(plainFolder);
        }
    }

    private Figure figure(long nanos, Duration cpu, long peakMebibytes) {
        double bytes = (double) uploaders * mebibytes * MEBIBYTE;
        return new Figure(bytes / 1e6 / (nanos / 1e9), cpu.toNanos() / 1e9 / (bytes / 1e9), peakMebibytes);
    }

    private static Connector connector(Path data, int port) throws IOException, GeneralSecurityException {
        String token = Files.readString(data.resolve("operator-token")).strip();
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        try (InputStream in = Files.newInputStream(data.resolve("tls/ca.crt"))) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return new WebSocketConnector(URI.create("wss://localhost:" + port + "/ws"), tls, token);
    }

    private static void deleteRecordings(Path output) throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
