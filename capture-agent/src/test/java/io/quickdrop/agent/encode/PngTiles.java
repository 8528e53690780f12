package io.quickdrop.agent.encode;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_PAL8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;

import io.quickdrop.agent.tiles.TileContent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Tiles as PNG, to compare with: with a palette where all colours fit into one. */
final class PngTiles {
    private static final int PALETTE = 256;

    private final int width;
    private final int height;
    private final PictureEncoder indexed;
    private final PictureEncoder coloured;

    PngTiles(int width, int height) {
        this.width = width;
        this.height = height;
        indexed = new PictureEncoder(
                "png", width, height, AV_PIX_FMT_PAL8, Map.of("pred", "none"), context -> context.compression_level(6));
        coloured = new PictureEncoder(
                "png",
                width,
                height,
                AV_PIX_FMT_RGB24,
                Map.of("pred", "mixed"),
                context -> context.compression_level(6));
    }

    ByteBuffer encode(TileContent tile, boolean mayIndex) {
        Map<Integer, Integer> places = new LinkedHashMap<>();
        byte[] row = new byte[3 * width];
        if (mayIndex && tile.colours() <= PALETTE) {
            AVFrame target = indexed.writable();
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int colour = tile.pixels()[y * width + x];
                    row[x] =
                            places.computeIfAbsent(colour, key -> places.size()).byteValue();
                }
                target.data(0).position((long) y * target.linesize(0)).put(row, 0, width);
            }
            List<Integer> colours = new ArrayList<>(places.keySet());
            ByteBuffer palette =
                    target.data(1).capacity(4L * PALETTE).asByteBuffer().order(ByteOrder.nativeOrder());
            for (int i = 0; i < PALETTE; i++) {
                palette.putInt(colours.get(i < colours.size() ? i : 0));
            }
            return indexed.encode();
        }
        AVFrame target = coloured.writable();
        BytePointer plane = target.data(0);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int colour = tile.pixels()[y * width + x];
                row[3 * x] = (byte) (colour >> 16);
                row[3 * x + 1] = (byte) (colour >> 8);
                row[3 * x + 2] = (byte) colour;
            }
            plane.position((long) y * target.linesize(0)).put(row, 0, 3 * width);
        }
        return coloured.encode();
    }
}
