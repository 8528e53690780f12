package io.quickdrop.server.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSplitterTest {
    /** What the phone page sends: 64 KiB of recording behind a header of 16 bytes, longer than one part. */
    private static final int CHUNK_BYTES = 16 + 64 * 1024;

    private final EmbeddedChannel channel = new EmbeddedChannel(
            new FrameSplitter(64L << 20),
            new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(true)
                    .maxFramePayloadLength(FrameSplitter.PART_BYTES)
                    .build()));

    @Test
    void framesBackToBackInOneReadArriveWhole() {
        byte[] first = bytes(1, CHUNK_BYTES);
        byte[] second = bytes(2, CHUNK_BYTES);
        byte[] third = bytes(3, 100);
        channel.writeInbound(Unpooled.wrappedBuffer(frame(first), frame(second), frame(third)));
        assertThat(nextMessage()).isEqualTo(first);
        assertThat(nextMessage()).isEqualTo(second);
        assertThat(nextMessage()).isEqualTo(third);
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 4_096, 65_535, 65_536, 65_537})
    void aLongFrameArrivesWholeWhateverTheReadsAre(int readBytes) {
        byte[] payload = bytes(4, 3 * FrameSplitter.PART_BYTES + 5);
        ByteBuf wire = frame(payload);
        while (wire.isReadable()) {
            channel.writeInbound(wire.readBytes(Math.min(readBytes, wire.readableBytes())));
        }
        wire.release();
        assertThat(nextMessage()).isEqualTo(payload);
    }

    /** All fragments of the next message, put together. */
    private byte[] nextMessage() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        boolean last = false;
        while (!last) {
            WebSocketFrame part = channel.readInbound();
            assertThat(part).as("the next fragment").isNotNull();
            byte[] bytes = new byte[part.content().readableBytes()];
            part.content().readBytes(bytes);
            message.writeBytes(bytes);
            last = part.isFinalFragment();
            part.release();
        }
        return message.toByteArray();
    }

    /** One masked binary frame, as a browser sends it (RFC 6455 section 5.2). */
    private static ByteBuf frame(byte[] payload) {
        byte[] mask = {0x12, 0x34, 0x56, 0x78};
        ByteBuf wire = Unpooled.buffer(payload.length + 14);
        wire.writeByte(0x82);
        if (payload.length < 126) {
            wire.writeByte(0x80 | payload.length);
        } else if (payload.length <= 0xffff) {
            wire.writeByte(0x80 | 126).writeShort(payload.length);
        } else {
            wire.writeByte(0x80 | 127).writeLong(payload.length);
        }
        wire.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            wire.writeByte(payload[i] ^ mask[i % 4]);
        }
        return wire;
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
