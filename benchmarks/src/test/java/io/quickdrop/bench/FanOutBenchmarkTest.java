package io.quickdrop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.bench.fanout.FanOutBenchmark;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FanOutBenchmarkTest {
    /** A run ends only when every viewer has every tile of every frame. */
    @Test
    void aShortRunReachesEveryViewerAndYieldsFigures(@TempDir Path folder) throws Exception {
        FanOutBenchmark benchmark = new FanOutBenchmark(List.of(20_000, 100_000), List.of(1, 10), 5_000_000);

        benchmark.run(1, folder);

        System.out.print(benchmark.report(1));
        assertThat(benchmark.relayCpuSecondsPerGigabyte()).hasSize(4).allMatch(seconds -> seconds > 0);
    }
}
