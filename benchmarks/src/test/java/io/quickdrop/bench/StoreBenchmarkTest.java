package io.quickdrop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.bench.store.StoreBenchmark;
import io.quickdrop.server.catalogue.PostgresSettings;
import io.quickdrop.server.catalogue.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreBenchmarkTest {
    @Test
    void aShortRunYieldsFiguresOfBothStores(@TempDir Path folder) throws Exception {
        StoreBenchmark benchmark = new StoreBenchmark(Duration.ofMillis(200));
        PostgresSettings postgres = PostgresSettings.parse(TestPostgres.shared().newDatabase(), Map.of());

        benchmark.run(1, folder, postgres);

        System.out.print(benchmark.report(1));
        assertThat(benchmark.rates()).hasSize(10).allMatch(rate -> rate > 0);
    }
}
