package io.quickdrop.system.display;

/**
 * How much two pictures look alike: the structural similarity index (Wang, Bovik, Sheikh, Simoncelli 2004) of their
 * brightness, as the mean over all 8 × 8 windows on a raster of 4 pixels. 1 for equal ones, near 0 for unrelated ones.
 */
public final class Ssim {
    private static final int WINDOW = 8;
    private static final int STEP = 4;
    private static final double N = WINDOW * WINDOW;
    /** (0.01 · 255)² and (0.03 · 255)², as in the paper. */
    private static final double C1 = 6.5025;

    private static final double C2 = 58.5225;

    private Ssim() {}

    /** Compares two pictures of one size. */
    public static double of(Picture a, Picture b) {
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new AssertionError("found pictures of " + a.width() + "×" + a.height() + " and " + b.width() + "×"
                    + b.height() + "; only pictures of one size can be compared");
        }
        return of(luma(a), luma(b), a.width(), a.height());
    }

    /** The same, of the windows alone in which {@code truth} is not flat: an empty desktop makes anything look alike. */
    public static double ofContent(Picture picture, Picture truth) {
        int[] a = luma(picture);
        int[] b = luma(truth);
        double sum = 0;
        long windows = 0;
        for (int y = 0; y + WINDOW <= truth.height(); y += STEP) {
            for (int x = 0; x + WINDOW <= truth.width(); x += STEP) {
                int start = y * truth.width() + x;
                if (!isFlat(b, start, truth.width())) {
                    sum += window(a, b, start, truth.width());
                    windows++;
                }
            }
        }
        return windows == 0 ? of(a, b, truth.width(), truth.height()) : sum / windows;
    }

    private static boolean isFlat(int[] luma, int start, int width) {
        for (int y = 0; y < WINDOW; y++) {
            for (int x = 0; x < WINDOW; x++) {
                if (luma[start + y * width + x] != luma[start]) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The brightness of each pixel, row by row. */
    static int[] luma(Picture picture) {
        int[] luma = new int[picture.width() * picture.height()];
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                luma[y * picture.width() + x] = picture.luma(x, y);
            }
        }
        return luma;
    }

    /** The same of two pictures whose brightness was computed before. */
    static double of(int[] a, int[] b, int width, int height) {
        double sum = 0;
        long windows = 0;
        for (int y = 0; y + WINDOW <= height; y += STEP) {
            for (int x = 0; x + WINDOW <= width; x += STEP) {
                sum += window(a, b, y * width + x, width);
                windows++;
            }
        }
        return sum / windows;
    }

    private static double window(int[] a, int[] b, int start, int width) {
        long sumA = 0;
        long sumB = 0;
        long squaresA = 0;
        long squaresB = 0;
        long products = 0;
        for (int y = 0; y < WINDOW; y++) {
            int i = start + y * width;
            for (int x = 0; x < WINDOW; x++, i++) {
                int p = a[i];
                int q = b[i];
                sumA += p;
                sumB += q;
                squaresA += (long) p * p;
                squaresB += (long) q * q;
                products += (long) p * q;
            }
        }
        double meanA = sumA / N;
        double meanB = sumB / N;
        double varianceA = (squaresA - sumA * meanA) / (N - 1);
        double varianceB = (squaresB - sumB * meanB) / (N - 1);
        double covariance = (products - sumA * meanB) / (N - 1);
        return (2 * meanA * meanB + C1)
                * (2 * covariance + C2)
                / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
    }
}
