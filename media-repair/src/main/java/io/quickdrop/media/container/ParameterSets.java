package io.quickdrop.media.container;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.av_grow_packet;

import io.quickdrop.media.order.Refusal;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * What an H.264 decoder must know before the first picture, which MP4 keeps in its head once (ISO/IEC 14496-15, 5.3.3.1). Where a
 * later part has others, they go along in front of its key frames, in the stream itself.
 */
final class ParameterSets {
    private static final int PACKET_FLAG_KEY = 1;
    private static final int LENGTH_AT = 4;
    private static final int FIRST_COUNT_AT = 5;
    private static final int FIVE_BITS = 0x1F;
    private static final int BYTE = 0xFF;

    /** Length-prefixed, as packets hold them; empty where nothing is to be added. */
    private final byte[] units;

    private ParameterSets(byte[] units) {
        this.units = units;
    }

    /** Those of {@code part} that a file whose head is {@code head}'s does not have. */
    static ParameterSets of(AVCodecParameters part, AVCodecParameters head) throws Refusal {
        byte[] own = extradata(part);
        return Arrays.equals(own, extradata(head)) || !canGoAlong(head, part)
                ? new ParameterSets(new byte[0])
                : new ParameterSets(units(own));
    }

    /** Whether a part's sets may differ from the head's: both are H.264 with lengths of the same size. */
    static boolean canGoAlong(AVCodecParameters head, AVCodecParameters part) {
        byte[] one = extradata(head);
        byte[] other = extradata(part);
        return part.codec_id() == AV_CODEC_ID_H264
                && isConfiguration(one)
                && isConfiguration(other)
                && one[LENGTH_AT] == other[LENGTH_AT];
    }

    private static boolean isConfiguration(byte[] extradata) {
        return extradata.length > FIRST_COUNT_AT + 2 && extradata[0] == 1;
    }

    static byte[] extradata(AVCodecParameters parameters) {
        byte[] bytes = new byte[Math.max(0, parameters.extradata_size())];
        if (bytes.length > 0) {
            parameters.extradata().get(bytes);
        }
        return bytes;
    }

    private static byte[] units(byte[] configuration) throws Refusal {
        int lengthBytes = (configuration[LENGTH_AT] & 3) + 1;
        ByteArrayOutputStream units = new ByteArrayOutputStream();
        int at = FIRST_COUNT_AT;
        try {
            for (int list = 0; list < 2; list++) {
                int count = list == 0 ? configuration[at] & FIVE_BITS : configuration[at] & BYTE;
                at++;
                for (int i = 0; i < count; i++) {
                    int length = (configuration[at] & BYTE) << 8 | (configuration[at + 1] & BYTE);
                    for (int shift = lengthBytes - 1; shift >= 0; shift--) {
                        units.write(length >> (8 * shift));
                    }
                    units.write(configuration, at + 2, length);
                    at += 2 + length;
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw new Refusal("the head of a part is damaged: its H.264 parameters end too early");
        }
        return units.toByteArray();
    }

    /** Puts them in front of a key frame's bytes; other packets stay as they are. */
    void addTo(AVPacket packet) throws Refusal {
        if (units.length == 0 || (packet.flags() & PACKET_FLAG_KEY) == 0) {
            return;
        }
        int size = packet.size();
        byte[] bytes = new byte[size];
        packet.data().get(bytes);
        Ffmpeg.check(av_grow_packet(packet, units.length), "adding parameters to a key frame");
        packet.data().position(0).put(units).position(units.length).put(bytes);
    }
}
