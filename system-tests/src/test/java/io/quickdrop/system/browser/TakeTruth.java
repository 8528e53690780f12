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
     * The laptop has received exactly the bytes that the phone recorded, of each take, and says so on the phone; what stands in
     * the folder in the end plays the same.
     *
     * @return the files in the folder, repaired, oldest take first
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
                boolean filmed = file.toString().matches(".*\\.(mp4|webm|mkv)");
                // Files that were not filmed here stay as they came.
                Path received = filmed ? Repaired.received(scene, take.sessionId()) : file;
                assertThat(Files.size(received)).as("bytes of %s", file).isEqualTo(take.produced());
                assertThat(SeededBytes.sha256(received))
                        .as("checksum of %s", file)
                        .isEqualTo(take.checksum());
                if (filmed) {
                    Repaired.awaitSamePackets(scene, take.sessionId(), file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the recording that the phone was told of can't be read", e);
            }
            files.add(file);
        }
        return files;
    }
}
