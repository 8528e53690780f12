package io.quickdrop.demo;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Frame;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Toolkit;
import java.awt.image.BufferedImage;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

/** Fills a virtual screen with a clock and a ball, so that there is something to see. */
public final class MovingPicture extends Frame {
    private static final long serialVersionUID = 1;
    private static final int BALL = 90;
    private static final long FRAME_MILLIS = 40;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.S");

    private final transient BufferedImage image;

    private MovingPicture(Dimension size) {
        super("QuickDrop cluster demo");
        image = new BufferedImage(size.width, size.height, BufferedImage.TYPE_INT_RGB);
        setUndecorated(true);
        setSize(size);
        setLocation(0, 0);
        setVisible(true);
    }

    /** Draws until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        MovingPicture picture = new MovingPicture(Toolkit.getDefaultToolkit().getScreenSize());
        for (long step = 0; ; step++) {
            picture.draw(step);
            TimeUnit.MILLISECONDS.sleep(FRAME_MILLIS);
        }
    }

    private void draw(long step) {
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setColor(new Color(0x10, 0x2a, 0x43));
        pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        pen.setColor(new Color(0xf0, 0xb4, 0x29));
        pen.fillOval(bounce(7 * step, image.getWidth() - BALL), bounce(5 * step, image.getHeight() - BALL), BALL, BALL);
        pen.setColor(Color.WHITE);
        pen.setFont(new Font(Font.MONOSPACED, Font.BOLD, 96));
        pen.drawString(LocalTime.now(ZoneId.systemDefault()).format(TIME), 60, image.getHeight() / 2);
        pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 28));
        pen.drawString("The desktop of the cluster demo", 60, image.getHeight() / 2 + 70);
        pen.dispose();
        Graphics screen = getGraphics();
        if (screen != null) {
            screen.drawImage(image, 0, 0, null);
            screen.dispose();
            Toolkit.getDefaultToolkit().sync();
        }
    }

    private static int bounce(long way, int width) {
        int at = (int) (way % (2L * width));
        return at < width ? at : 2 * width - at;
    }
}
