package io.quickdrop.protocol;

import java.util.Optional;

/** How the payload of a {@link Frame} is encoded: the second byte of its header. */
public enum PictureCodec {
    /** JPEG (ITU-T T.81), each picture or tile a whole stream. */
    JPEG(1, "jpeg", "image/jpeg"),
    /** WebP (RFC 9649), lossless where the agent sends it. */
    WEBP(2, "webp", "image/webp"),
    /** PNG (RFC 2083). */
    PNG(3, "png", "image/png"),
    /** H.264; the place is kept, nothing speaks it yet. */
    H264(16, "h264", "video/avc"),
    /** VP8; the place is kept, nothing speaks it yet. */
    VP8(17, "vp8", "video/vp8"),
    /** VP9; the place is kept, nothing speaks it yet. */
    VP9(18, "vp9", "video/vp9"),
    /** AV1; the place is kept, nothing speaks it yet. */
    AV1(19, "av1", "video/av1");

    private final int code;
    private final String wireName;
    private final String mime;

    PictureCodec(int code, String wireName, String mime) {
        this.code = code;
        this.wireName = wireName;
        this.mime = mime;
    }

    /** The number in a frame's header. */
    public int code() {
        return code;
    }

    /** The name in {@code codecs[]} and {@code start_capture}. */
    public String wireName() {
        return wireName;
    }

    /** The media type. */
    public String mime() {
        return mime;
    }

    /** Whether a picture of it needs no other picture to be decoded. */
    public boolean isIndependent() {
        return code < H264.code;
    }

    /** The codec with this number; empty if there is none. */
    public static Optional<PictureCodec> of(int code) {
        for (PictureCodec codec : values()) {
            if (codec.code == code) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }
}
