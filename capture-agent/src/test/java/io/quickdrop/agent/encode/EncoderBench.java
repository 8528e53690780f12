package io.quickdrop.agent.encode;

import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.testing.Pictures;
import io.quickdrop.agent.tiles.ChangeDetector;
import io.quickdrop.agent.tiles.TileContent;
import io.quickdrop.agent.tiles.TileGrid;
import io.quickdrop.agent.tiles.TileGrid.Area;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Tile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Encodes what really changes on a screen (a terminal that scrolls, typing, a video) with every encoder in tiles of every size,
 * and prints bytes and CPU milliseconds per frame.
 *
 * <p>Run with the class path of the tests: {@code java -cp …
 * io.quickdrop.agent.encode.EncoderBench [quality]}.
 */
public final class EncoderBench {
    private static final int[] SIZES = {64, 96, 128, 192, 256};
    private static final int ROUNDS = 3;

    private final int quality;
    private final TileContent content = new TileContent();

    private EncoderBench(int quality) {
        this.quality = quality;
    }

    /** Encodes one tile; empty where it can't. */
    private interface Encoder {
        ByteBuffer encode(Pixels pixels, Area area) throws IOException;
    }

    private record Change(Pixels pixels, List<Area> areas) {}

    /** Prints the tables. */
    public static void main(String[] arguments) throws Exception {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        int quality = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 75;
        for (RealContent.Workload workload : RealContent.Workload.values()) {
            new EncoderBench(quality).print(workload, RealContent.record(workload));
        }
    }

    private void print(RealContent.Workload workload, List<Pixels> frames) throws Exception {
        System.out.printf(
                "%n%s, %d frames of 1280 x 720, quality %d: KB per frame (12 bytes a tile included) / CPU ms per frame%n",
                workload, frames.size() - 1, quality);
        System.out.printf("%-6s %8s", "tile", "tiles");
        for (String name : encoders().keySet()) {
            System.out.printf(" %14s", name);
        }
        System.out.println();
        for (int size : SIZES) {
            List<Change> changes = changes(frames, size);
            long tiles =
                    changes.stream().mapToLong(change -> change.areas.size()).sum();
            System.out.printf("%-6d %8.1f", size, (double) tiles / changes.size());
            for (Map.Entry<String, Encoder> encoder : encoders().entrySet()) {
                System.out.printf(" %14s", measure(encoder.getValue(), changes));
            }
            System.out.println();
        }
        detail(changes(frames, 128));
    }

    private static List<Change> changes(List<Pixels> frames, int size) {
        TileGrid grid = new TileGrid(frames.get(0).width(), frames.get(0).height(), size);
        ChangeDetector detector = new ChangeDetector(grid);
        List<Change> changes = new ArrayList<>();
        for (Pixels frame : frames) {
            BitSet changed = detector.changed(frame);
            changed.stream().forEach(tile -> detector.accept(frame, tile));
            changes.add(new Change(frame, changed.stream().mapToObj(grid::area).toList()));
        }
        return changes.subList(1, changes.size()); // the first is the whole screen
    }

    private String measure(Encoder encoder, List<Change> changes) throws IOException {
        long bytes = 0;
        long bestNanos = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            bytes = 0;
            long start = cpuNanos();
            for (Change change : changes) {
                for (Area area : change.areas) {
                    bytes += encoder.encode(change.pixels, area).remaining() + Tile.HEADER_BYTES;
                }
            }
            bestNanos = Math.min(bestNanos, cpuNanos() - start);
        }
        return String.format("%.1f / %.1f", bytes / 1024.0 / changes.size(), bestNanos / 1e6 / changes.size());
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private Map<String, Encoder> encoders() {
        Map<String, Encoder> encoders = new java.util.LinkedHashMap<>();
        encoders.put("jpeg 4:2:0", jpeg(Chroma.QUARTER));
        encoders.put("jpeg 4:4:4", jpeg(Chroma.FULL));
        encoders.put("ImageIO jpeg", this::imageIo);
        encoders.put("png colour", png(false));
        encoders.put("png palette*", png(true));
        encoders.put("webp 0/0", webp(0, 0));
        encoders.put("webp 1/25", webp(1, 25));
        encoders.put("webp 2/25", webp(2, 25));
        encoders.put("webp 3/50", webp(3, 50));
        encoders.put("webp 4/75", webp(4, 75));
        encoders.put("chosen", chosen());
        return encoders;
    }

    private Encoder jpeg(Chroma chroma) {
        Map<Long, JpegEncoder> open = new HashMap<>();
        return (pixels, area) -> open.computeIfAbsent(
                        (long) area.width() << 32 | area.height(),
                        key -> new JpegEncoder(area.width(), area.height(), chroma))
                .encode(pixels, area.x(), area.y(), quality);
    }

    private Encoder webp(int effort, int thoroughness) {
        Map<Long, WebpEncoder> open = new HashMap<>();
        return (pixels, area) -> {
            content.read(pixels, area);
            return open.computeIfAbsent(
                            (long) area.width() << 32 | area.height(),
                            key -> new WebpEncoder(area.width(), area.height(), effort, thoroughness))
                    .encode(content);
        };
    }

    /** @param mayIndex with a palette, where all colours fit into one */
    private Encoder png(boolean mayIndex) {
        Map<Long, PngTiles> open = new HashMap<>();
        return (pixels, area) -> {
            content.read(pixels, area);
            return open.computeIfAbsent(
                            (long) area.width() << 32 | area.height(), key -> new PngTiles(area.width(), area.height()))
                    .encode(content, mayIndex);
        };
    }

    private Encoder chosen() {
        TileEncoder encoder = new TileEncoder();
        return (pixels, area) -> encoder.inMotion(pixels, area, quality).bytes();
    }

    private ByteBuffer imageIo(Pixels pixels, Area area) throws IOException {
        BufferedImage image = new BufferedImage(area.width(), area.height(), BufferedImage.TYPE_INT_RGB);
        content.read(pixels, area);
        image.setRGB(0, 0, area.width(), area.height(), content.pixels(), 0, area.width());
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(quality / 100f);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** How good the JPEGs are, and which tiles there are. */
    private void detail(List<Change> changes) throws IOException {
        double sharp = 0;
        double soft = 0;
        double imageIo = 0;
        int count = 0;
        int flat = 0;
        int palette = 0;
        int drawn = 0;
        int png = 0;
        TileEncoder encoder = new TileEncoder();
        for (Change change : changes) {
            for (Area area : change.areas) {
                content.read(change.pixels, area);
                flat += content.colours() <= 256 ? 1 : 0;
                palette += content.colours() <= 1024 ? 1 : 0;
                drawn += content.repeatShare() >= 0.5 ? 1 : 0;
                png += encoder.inMotion(change.pixels, area, quality).codec() == PictureCodec.JPEG ? 0 : 1;
                if (count < 100) {
                    sharp += psnr(jpeg(Chroma.FULL), change.pixels, area);
                    soft += psnr(jpeg(Chroma.QUARTER), change.pixels, area);
                    imageIo += psnr(this::imageIo, change.pixels, area);
                }
                count++;
            }
        }
        int judged = Math.max(1, Math.min(count, 100));
        System.out.printf(
                "tiles of 128: %d; at most 256 colours %d, 1024 colours %d, drawn %d, chosen lossless %d; "
                        + "mean PSNR 4:2:0 %.1f, 4:4:4 %.1f, ImageIO (4:2:0) %.1f dB%n",
                count, flat, palette, drawn, png, soft / judged, sharp / judged, imageIo / judged);
    }

    private static double psnr(Encoder encoder, Pixels pixels, Area area) throws IOException {
        double psnr = Pictures.psnr(pixels, area.x(), area.y(), Pictures.decode(encoder.encode(pixels, area)));
        return Math.min(psnr, 60);
    }
}
