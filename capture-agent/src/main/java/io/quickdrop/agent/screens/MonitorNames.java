package io.quickdrop.agent.screens;

import java.awt.Rectangle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the X server calls its monitors ({@code HDMI-1}), since AWT only counts them. Asks {@code xrandr} where it is installed. */
final class MonitorNames {
    private static final Pattern LINE =
            Pattern.compile("^\\s*\\d+:\\s+[+*]*(\\S+)\\s+(\\d+)/\\d+x(\\d+)/\\d+\\+(\\d+)\\+(\\d+)");
    private static final long PATIENCE_SECONDS = 3;

    private MonitorNames() {}

    /** The names by place and size; empty where they can't be found out, which is no failure: a number does as well. */
    static Map<Rectangle, String> ofXServer() {
        Path answer;
        try {
            answer = Files.createTempFile("quickdrop-monitors", ".txt");
        } catch (IOException e) {
            return Map.of();
        }
        try {
            Process xrandr = new ProcessBuilder("xrandr", "--listmonitors")
                    .redirectOutput(answer.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!xrandr.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                xrandr.destroyForcibly();
                return Map.of();
            }
            return parse(Files.readString(answer, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Map.of(); // not installed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        } finally {
            answer.toFile().delete();
        }
    }

    /** Reads what {@code xrandr --listmonitors} prints. */
    static Map<Rectangle, String> parse(String listing) {
        Map<Rectangle, String> names = new HashMap<>();
        for (String line : listing.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.find()) {
                Rectangle area = new Rectangle(
                        Integer.parseInt(matcher.group(4)),
                        Integer.parseInt(matcher.group(5)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)));
                names.put(area, matcher.group(1));
            }
        }
        return names;
    }
}
