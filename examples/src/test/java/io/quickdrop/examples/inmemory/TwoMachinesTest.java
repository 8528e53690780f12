package io.quickdrop.examples.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TwoMachinesTest {
    @Test
    void theRecordingArrivesAcrossALostConnectionAndEveryStepIsTold() {
        byte[] video = new byte[200_000];
        new Random(1).nextBytes(video);
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        byte[] arrived = new TwoMachines(video, new PrintStream(told, true, StandardCharsets.UTF_8)).run();

        assertThat(arrived).isEqualTo(video);
        assertThat(told.toString(StandardCharsets.UTF_8).lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("phone:  Start[sessionId=take-1"),
                        line -> assertThat(line).startsWith("laptop: Started[").endsWith("bytes=0]"),
                        line -> assertThat(line).isEqualTo("phone:  SendChunk[offset=0, length=65536]"),
                        line -> assertThat(line).isEqualTo("phone:  SendChunk[offset=65536, length=65536]"),
                        line -> assertThat(line).isEqualTo("phone:  SendChunk[offset=131072, length=65536]"),
                        line -> assertThat(line).isEqualTo("phone:  SendChunk[offset=196608, length=3392]"),
                        line -> assertThat(line).isEqualTo("--- the connection is lost"),
                        line -> assertThat(line).startsWith("phone:  Resume[sessionId=take-1"),
                        line -> assertThat(line).startsWith("laptop: Started[").endsWith("bytes=131072]"),
                        line -> assertThat(line).isEqualTo("phone:  SendChunk[offset=131072, length=65536]"),
                        line -> assertThat(line).isEqualTo("phone:  SendChunk[offset=196608, length=3392]"),
                        line -> assertThat(line).startsWith("phone:  End[").contains("totalBytes=200000"),
                        line -> assertThat(line).startsWith("laptop: Saved[").contains("bytes=200000"));
    }
}
