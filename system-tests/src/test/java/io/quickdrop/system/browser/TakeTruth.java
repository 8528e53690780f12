package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.system.harness.SeededBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What must be true of every take that the page calls saved. */
final class TakeTruth {
    private TakeTruth() {}

    /**
     * The laptop has exactly the bytes that the phone recorded, of each take, and says so on the phone.
     *
     * @return the files, oldest take first
     */
    static List<Path> assertIdentical(Scene scene, PhonePage phone) {
        List<PhonePage.Take> takes = phone.takes();
        // The machine knows of the end some moments before the page shows it.
        PageFact.await(
                phone.page(), "() => document.querySelectorAll('.receipt').length === window.quickdrop.takes.length");
        assertThat(phone.fileNames()).as("receipts on the phone").hasSameSizeAs(takes);
        assertThat(phone.page().getByText("Identical on phone and laptop").count())
                .as("receipts that call the copy identical")
                .isEqualTo(takes.size());
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < takes.size(); i++) {
            PhonePage.Take take = takes.get(i);
            Path file = scene.file(phone.fileName(take.sessionId()));
            try {
                assertThat(Files.size(file)).as("bytes of %s", file).isEqualTo(take.produced());
                assertThat(SeededBytes.sha256(file)).as("checksum of %s", file).isEqualTo(take.checksum());
            } catch (IOException e) {
                throw new UncheckedIOException("the recording that the phone was told of can't be read", e);
            }
            files.add(file);
        }
        return files;
    }
}
