package io.quickdrop.agent.encode;

/**
 * The project's quality, 1 to 100, in FFmpeg's terms: the scale is that of libjpeg, so that 75 looks like what every other
 * program calls 75 (33.4 dB on a noisy video where ImageIO's 75 has 34.1). FFmpeg has 31 steps: 25 and less are its coarsest,
 * 97 and more its finest, which still is not exact; exact is 100, and no JPEG.
 */
final class JpegQuality {
    /** Finest and coarsest quantiser scale of FFmpeg's JPEG encoder. */
    private static final int FINEST = 1;

    private static final int COARSEST = 31;

    private JpegQuality() {}

    /** FFmpeg's quantiser scale for a quality. */
    static int qscale(int quality) {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("quality " + quality + ": allowed are 1 to 100");
        }
        // libjpeg's rule: the percentage by which its tables are scaled. 50 % of them is about a scale of 8.
        double percent = quality < 50 ? 5_000.0 / quality : 200.0 - 2 * quality;
        return (int) Math.max(FINEST, Math.min(COARSEST, Math.round(percent / 6.25)));
    }
}
