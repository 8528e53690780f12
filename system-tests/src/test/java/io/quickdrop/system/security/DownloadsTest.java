package io.quickdrop.system.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.OtherAddress;
import io.quickdrop.system.harness.RawHttp;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Recordings as they leave the server: whole, in parts, and never as something that a browser would run. */
@ExtendWith(ShowServerLogs.class)
final class DownloadsTest {
    @Test
    void aRecordingIsServedInRangesAndAsAnAttachment(@TempDir Path folder) {
        SeededBytes bytes = new SeededBytes(9, 300_000);
        try (ThreadWorkers workers = new ThreadWorkers();
                ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            Door door = Door.of(server);
            TestUpload upload = new TestUpload(
                            "download",
                            bytes,
                            new TestConnector(door, Upgrade.v2(door)),
                            workers,
                            TestUpload.quickBackoff())
                    .whole();
            String name = upload.await(Duration.ofSeconds(20)).fileName();
            String path = "/api/recordings/download/content";
            RawHttp.Answer whole = RawHttp.get(door, path).send();
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.body()).isEqualTo(bytes.all());
            assertThat(whole.header("Content-Disposition")).contains("attachment; filename*=UTF-8''" + name);
            assertThat(whole.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(whole.header("Content-Security-Policy")).contains("sandbox; default-src 'none'");
            assertThat(whole.header("ETag")).contains("\"" + bytes.sha256() + "\"");
            RawHttp.Answer part =
                    RawHttp.get(door, path).header("Range", "bytes=1000-1999").send();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.header("Content-Range")).contains("bytes 1000-1999/300000");
            assertThat(part.body()).isEqualTo(bytes.read(1000, 1000).array());
            RawHttp.Answer tail =
                    RawHttp.get(door, path).header("Range", "bytes=-5").send();
            assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(bytes.all(), 299_995, 300_000));
            RawHttp.Answer beyond =
                    RawHttp.get(door, path).header("Range", "bytes=300000-").send();
            assertThat(beyond.status()).isEqualTo(416);
            assertThat(beyond.header("Content-Range")).contains("bytes */300000");
            RawHttp.Answer head = RawHttp.bare(door, "HEAD", path).send();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Length")).contains("300000");
            OtherAddress.of(server)
                    .ifPresent(far ->
                            assertThat(RawHttp.get(far, path).send().status()).isEqualTo(401));
        }
    }
}
