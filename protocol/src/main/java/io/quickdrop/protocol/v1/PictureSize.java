package io.quickdrop.protocol.v1;

import io.quickdrop.protocol.PictureCodec;
import java.util.Optional;

/**
 * What an encoded picture says of itself in its first bytes. Its pixels are never looked at: the server decodes no foreign
 * media.
 *
 * @param width pixels; 0 where the file does not say it in a way that is read here
 * @param height pixels; likewise
 */
record PictureSize(PictureCodec codec, int width, int height) {
    private static final int JPEG_MARKER = 0xff;
    private static final int PNG_IHDR_END = 24;

    /** Empty if the bytes are no JPEG, PNG or WebP. */
    static Optional<PictureSize> of(byte[] file) {
        if (startsWith(file, 0, 0xff, 0xd8, 0xff)) {
            return Optional.of(jpeg(file));
        } else if (startsWith(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n') && file.length >= PNG_IHDR_END) {
            return Optional.of(sane(PictureCodec.PNG, int32(file, 16), int32(file, 20)));
        } else if (startsWith(file, 0, 'R', 'I', 'F', 'F') && startsWith(file, 8, 'W', 'E', 'B', 'P')) {
            return Optional.of(new PictureSize(PictureCodec.WEBP, 0, 0));
        }
        return Optional.empty();
    }

    /** Walks the segments (ITU-T T.81, B.1.1) to the first start of frame (B.2.2). */
    private static PictureSize jpeg(byte[] file) {
        int at = 2;
        while (at + 9 <= file.length && (file[at] & 0xff) == JPEG_MARKER) {
            int marker = file[at + 1] & 0xff;
            boolean standsAlone = marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8) || marker == JPEG_MARKER;
            if (standsAlone) {
                at += marker == JPEG_MARKER ? 1 : 2;
                continue;
            }
            boolean startOfFrame =
                    marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            if (startOfFrame) {
                return sane(PictureCodec.JPEG, int16(file, at + 7), int16(file, at + 5));
            }
            at += 2 + Math.max(2, int16(file, at + 2));
        }
        return new PictureSize(PictureCodec.JPEG, 0, 0);
    }

    private static PictureSize sane(PictureCodec codec, int width, int height) {
        boolean fits = width > 0 && width <= 0xffff && height > 0 && height <= 0xffff;
        return fits ? new PictureSize(codec, width, height) : new PictureSize(codec, 0, 0);
    }

    private static boolean startsWith(byte[] file, int offset, int... bytes) {
        if (file.length < offset + bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((file[offset + i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static int int16(byte[] file, int at) {
        return (file[at] & 0xff) << 8 | (file[at + 1] & 0xff);
    }

    private static int int32(byte[] file, int at) {
        return int16(file, at) << 16 | int16(file, at + 2);
    }
}
