package io.quickdrop.agent.grab;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.agent.screens.Platform;
import io.quickdrop.agent.testing.VirtualDisplay;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class RobotGrabberTest {
    @Test
    void theSlowWayReadsTheSamePixels() throws Exception {
        try (VirtualDisplay display = new VirtualDisplay(320, 200)) {
            CRC32 sum = new CRC32();
            for (int y = 0; y < 200; y++) {
                for (int x = 0; x < 320; x++) {
                    int rgb = (x * 811 + y * 70_001) & 0xffffff;
                    display.draw(x, y, rgb);
                    sum.update(rgb >> 16);
                    sum.update(rgb >> 8);
                    sum.update(rgb);
                }
            }
            String said = display.run(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path", ""),
                    RobotProbe.class.getName());
            assertThat(said.lines()).last().isEqualTo("320 x 200 " + sum.getValue());
        }
    }

    @Test
    void aMissingLibraryIsNamedWithItsPackage() {
        String message = "libxcb-shm.so.0: cannot open shared object file: No such file or directory";
        assertThat(Grabbers.missing(Platform.X11, message))
                .contains("libxcb-shm.so.0 is missing")
                .contains("apt-get install libxcb-shm0");
        assertThat(Grabbers.missing(Platform.X11, "FFmpeg has no x11grab"))
                .contains("apt-get install libxcb1 libxcb-shm0 libasound2 libpulse0");
        assertThat(Grabbers.missing(Platform.WINDOWS, "no gdigrab")).doesNotContain("apt-get");
    }
}
