package io.quickdrop.agent.encode;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Decodes WebP with the system's own ffmpeg program, since ImageIO knows no WebP. */
final class WebpDecoder {
    private WebpDecoder() {}

    static BufferedImage decode(ByteBuffer webp) throws IOException, InterruptedException {
        Path in = Files.createTempFile("tile", ".webp");
        Path out = Files.createTempFile("tile", ".ppm");
        try {
            byte[] bytes = new byte[webp.remaining()];
            webp.duplicate().get(bytes);
            Files.write(in, bytes);
            Process ffmpeg = new ProcessBuilder(
                            "ffmpeg",
                            "-v",
                            "error",
                            "-y",
                            "-i",
                            in.toString(),
                            "-pix_fmt",
                            "bgra",
                            "-f",
                            "rawvideo",
                            out.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(ffmpeg.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!ffmpeg.waitFor(20, TimeUnit.SECONDS) || ffmpeg.exitValue() != 0) {
                throw new IOException("ffmpeg does not decode it: " + said);
            }
            int[] size = losslessSize(bytes);
            BufferedImage image = new BufferedImage(size[0], size[1], BufferedImage.TYPE_INT_RGB);
            int[] colours = new int[size[0] * size[1]];
            ByteBuffer.wrap(Files.readAllBytes(out))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(colours);
            image.setRGB(0, 0, size[0], size[1], colours, 0, size[0]);
            return image;
        } finally {
            Files.delete(in);
            Files.delete(out);
        }
    }

    /** RFC 9649 section 3.4: 14 bits each behind the signature of a lossless stream, which it must be. */
    private static int[] losslessSize(byte[] file) throws IOException {
        for (int i = 12; i + 13 < file.length; i++) {
            if (file[i] == 'V' && file[i + 1] == 'P' && file[i + 2] == '8' && file[i + 3] == 'L') {
                int bits = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(i + 9);
                return new int[] {(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1};
            }
        }
        throw new IOException("not a lossless WebP");
    }
}
