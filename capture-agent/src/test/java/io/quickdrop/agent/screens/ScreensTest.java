package io.quickdrop.agent.screens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.AWTError;
import java.awt.HeadlessException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScreensTest {
    private static final Screen RIGHT = new Screen(0, "0.1", 1280, 0, 1280, 720, false);
    private static final Screen MAIN = new Screen(0, "0.0", 0, 0, 1280, 720, true);
    private static final Map<String, String> X11 = Map.of("DISPLAY", ":0");

    private static ScreenFinder finder(Map<String, String> environment, List<Screen> toolkit) {
        return new ScreenFinder(environment, Platform.X11, () -> toolkit, Map::of);
    }

    @Test
    void thePrimaryMonitorIsNumberZeroAndNamesComeFromTheServer() throws Exception {
        ScreenFinder finder = new ScreenFinder(
                X11,
                Platform.X11,
                () -> List.of(RIGHT, MAIN),
                () -> Map.of(new Rectangle(1280, 0, 1280, 720), "HDMI-1"));
        assertThat(finder.find()).containsExactly(MAIN, new Screen(1, "HDMI-1", 1280, 0, 1280, 720, false));
    }

    @Test
    void waylandWithoutXIsASentenceAndWithXAWarning() throws Exception {
        Map<String, String> wayland = Map.of("XDG_SESSION_TYPE", "wayland", "WAYLAND_DISPLAY", "wayland-0");
        assertThatThrownBy(() -> finder(wayland, List.of(MAIN)).find())
                .isInstanceOf(ScreensUnavailableException.class)
                .hasMessageContaining("Wayland")
                .hasMessageContaining("on Xorg");
        Map<String, String> xwayland = Map.of("XDG_SESSION_TYPE", "wayland", "DISPLAY", ":0");
        assertThat(finder(xwayland, List.of(MAIN)).find()).containsExactly(MAIN);
        assertThat(finder(xwayland, List.of(MAIN)).warnings()).hasSize(1);
        assertThat(finder(X11, List.of(MAIN)).warnings()).isEmpty();
    }

    @Test
    void noDisplayABadOneAndNoMonitorAreSentences() {
        assertThatThrownBy(() -> finder(Map.of(), List.of(MAIN)).find()).hasMessageContaining("DISPLAY is not set");
        assertThatThrownBy(() -> finder(X11, List.of()).find()).hasMessageContaining("No monitor was found");
        ScreenFinder bad = new ScreenFinder(
                X11,
                Platform.X11,
                () -> {
                    throw new AWTError("Can't connect");
                },
                Map::of);
        assertThatThrownBy(bad::find).hasMessageContaining("DISPLAY=:0 can't be reached");
        assertThat(bad.hasChangedSince(List.of(MAIN))).isFalse();
        ScreenFinder service = new ScreenFinder(
                Map.of(),
                Platform.WINDOWS,
                () -> {
                    throw new HeadlessException();
                },
                Map::of);
        assertThatThrownBy(service::find).hasMessageContaining("service");
    }

    @Test
    void aMonitorThatComesGoesOrChangesItsSizeIsNoticed() throws Exception {
        List<Screen> now = new ArrayList<>(List.of(MAIN, RIGHT));
        ScreenFinder finder = finder(X11, now);
        List<Screen> known = finder.find();
        assertThat(finder.hasChangedSince(known)).isFalse();
        now.remove(1);
        assertThat(finder.hasChangedSince(known)).isTrue();
        now.add(new Screen(0, "0.1", 1280, 0, 1920, 1080, false));
        assertThat(finder.hasChangedSince(known)).isTrue();
    }

    @Test
    void monitorsAreChosenByNumberAndName() {
        List<Screen> two = List.of(MAIN, new Screen(1, "HDMI-1", 1280, 0, 1280, 720, false));
        assertThat(ScreenChoice.parse("all").from(two)).isEqualTo(two);
        assertThat(ScreenChoice.parse("1").from(two)).containsExactly(two.get(1));
        assertThat(ScreenChoice.parse("hdmi-1, 0,1").from(two)).containsExactly(two.get(1), two.get(0));
        assertThatThrownBy(() -> ScreenChoice.parse("2").from(two)).hasMessageContaining("0 (0.0), 1 (HDMI-1)");
        assertThatThrownBy(() -> ScreenChoice.parse("0,")).hasMessageContaining("allowed are");
    }

    @Test
    void whatXrandrPrintsIsUnderstood() {
        String listing = "Monitors: 2\n 0: +*LEFT 1280/300x720/200+0+0  screen\n 1: RIGHT 1280/300x720/200+1280+0 \n";
        assertThat(MonitorNames.parse(listing))
                .containsEntry(new Rectangle(0, 0, 1280, 720), "LEFT")
                .containsEntry(new Rectangle(1280, 0, 1280, 720), "RIGHT")
                .hasSize(2);
        assertThat(MonitorNames.parse("Can't open display")).isEmpty();
    }

    @Test
    void platformsAreToldByTheirNames() {
        assertThat(Platform.of("Windows 11")).isEqualTo(Platform.WINDOWS);
        assertThat(Platform.of("Mac OS X")).isEqualTo(Platform.MACOS);
        assertThat(Platform.of("Linux")).isEqualTo(Platform.X11);
    }
}
