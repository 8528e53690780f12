package io.quickdrop.system.browser;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * What the fake camera sees: an evening by the sea, two seconds long, over and over. Chromium plays Motion JPEG at 30
 * frames a second; its built-in test picture would cost an encoder without hardware four times as much.
 */
final class CameraFilm {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;
    private static final int FRAMES = 60;
    private static final int HORIZON = 340;
    private static final int SUN_RADIUS = 62;
    private static final int WAVES = 26;

    private CameraFilm() {}

    /** Writes the film into a new temporary file, which is gone when this Java ends. */
    static Path shoot() {
        try {
            Path file = Files.createTempFile("quickdrop-camera", ".mjpeg");
            file.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(file)) {
                for (int i = 0; i < FRAMES; i++) {
                    if (!ImageIO.write(frame(2 * Math.PI * i / FRAMES), "jpg", out)) {
                        throw new AssertionError("this Java writes no JPEG");
                    }
                }
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("the fake camera's film can't be written", e);
        }
    }

    /** @param phase 0 to 2π, so that the last frame leads to the first */
    private static BufferedImage frame(double phase) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setPaint(new GradientPaint(0, 0, new Color(0x2B3A67), 0, HORIZON, new Color(0xF5A66B)));
        g.fillRect(0, 0, WIDTH, HORIZON);
        sun(g, phase);
        sea(g, phase);
        boat(g, phase);
        g.dispose();
        return image;
    }

    private static void sun(Graphics2D g, double phase) {
        int centre = WIDTH / 2;
        int height = HORIZON - 70;
        for (int glow = 5; glow >= 0; glow--) {
            double radius = SUN_RADIUS + glow * (14 + 3 * Math.sin(phase));
            g.setColor(new Color(255, 226, 160, glow == 0 ? 255 : 26));
            g.fill(new Ellipse2D.Double(centre - radius, height - radius, 2 * radius, 2 * radius));
        }
    }

    private static void sea(Graphics2D g, double phase) {
        g.setPaint(new GradientPaint(0, HORIZON, new Color(0xD9825B), 0, HEIGHT, new Color(0x1F2F55)));
        g.fillRect(0, HORIZON, WIDTH, HEIGHT - HORIZON);
        for (int i = 0; i < WAVES; i++) {
            double depth = (double) i / WAVES;
            double y = HORIZON + 6 + depth * depth * (HEIGHT - HORIZON);
            double half = 40 + 120 * depth + 22 * Math.sin(phase + i * 1.7);
            double x = WIDTH / 2.0 + 14 * Math.sin(phase + i * 0.9);
            g.setStroke(new BasicStroke((float) (1.5 + 5 * depth), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.setColor(new Color(255, 214, 150, 150));
            g.draw(new Line2D.Double(x - half, y, x + half, y));
        }
    }

    private static void boat(Graphics2D g, double phase) {
        double x = WIDTH / 2.0 - 105;
        double y = HORIZON + 44 + 4 * Math.sin(phase);
        double lean = 0.05 * Math.cos(phase);
        g.translate(x, y);
        g.rotate(lean);
        g.setColor(new Color(0x1B2430));
        g.fill(polygon(-46, 0, 50, 0, 36, 20, -34, 20));
        g.fill(polygon(-2, -100, 2, -100, 2, 0, -2, 0));
        g.setColor(new Color(0xFFFDF9));
        g.fill(polygon(5, -98, 44, -10, 5, -10));
        g.setColor(new Color(0x0B7A66));
        g.fill(polygon(-5, -82, -34, -10, -5, -10));
        g.rotate(-lean);
        g.translate(-x, -y);
    }

    private static Path2D polygon(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        path.closePath();
        return path;
    }
}
