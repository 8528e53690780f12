package io.quickdrop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class UploadBenchmarkTest {
    /** Every upload of the benchmark is checked against its hash by the benchmark itself. */
    @Test
    void aShortRunSavesEverythingAndYieldsFigures() throws Exception {
        UploadBenchmark benchmark = new UploadBenchmark(4, 16);

        benchmark.run(1);

        System.out.print(benchmark.report());
        assertThat(benchmark.relay()).hasSize(1).allMatch(figure -> figure.megabytesPerSecond() > 0);
        assertThat(benchmark.relay()).allMatch(figure -> figure.cpuSecondsPerGigabyte() > 0);
    }
}
