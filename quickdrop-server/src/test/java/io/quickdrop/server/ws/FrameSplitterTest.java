package io.quickdrop.server.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameSplitterTest {
    private static final long MAX_MESSAGE = 64L << 20;

    private static EmbeddedChannel splitterAndDecoder(long maxMessage) {
        return new EmbeddedChannel(
                new FrameSplitter(maxMessage),
                new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(FrameSplitter.PART_BYTES)
                        .allowExtensions(false)
                        .expectMaskedFrames(true)
                        .build()));
    }

    private static ByteBuf onTheWire(WebSocketFrame... frames) {
        EmbeddedChannel client = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
        ByteBuf wire = Unpooled.buffer();
        for (WebSocketFrame frame : frames) {
            client.writeOutbound(frame);
            for (ByteBuf part = client.readOutbound(); part != null; part = client.readOutbound()) {
                wire.writeBytes(part);
                part.release();
            }
        }
        return wire;
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Messages as a handler behind the decoder puts them together. */
    private static List<byte[]> messages(EmbeddedChannel channel, List<Integer> partSizes) {
        List<byte[]> messages = new ArrayList<>();
        ByteBuf message = Unpooled.buffer();
        for (WebSocketFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            if (frame instanceof PingWebSocketFrame) {
                frame.release();
                continue;
            }
            partSizes.add(frame.content().readableBytes());
            message.writeBytes(frame.content());
            if (frame.isFinalFragment()) {
                byte[] whole = new byte[message.readableBytes()];
                message.readBytes(whole);
                messages.add(whole);
                message.clear();
            }
            frame.release();
        }
        return messages;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyFramesInAnyPiecesArriveAsTheSameMessagesInSmallParts(long seed) {
        Random random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        ByteBuf wire = Unpooled.buffer();
        int[] edges = {0, 1, 125, 126, 65_535, 65_536, 65_537, 65_552, 131_072, 131_073};
        for (int i = 0; i < 40; i++) {
            int length = random.nextInt(4) == 0 ? edges[random.nextInt(edges.length)] : random.nextInt(400_000);
            byte[] payload = random(random, length);
            sent.add(payload);
            int cut = length == 0 ? 0 : random.nextInt(length);
            if (random.nextInt(3) == 0) {
                wire.writeBytes(onTheWire(
                        new BinaryWebSocketFrame(false, 0, Unpooled.wrappedBuffer(payload, 0, cut)),
                        new PingWebSocketFrame(),
                        new ContinuationWebSocketFrame(true, 0, Unpooled.wrappedBuffer(payload, cut, length - cut))));
            } else {
                wire.writeBytes(onTheWire(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload))));
            }
        }
        EmbeddedChannel channel = splitterAndDecoder(MAX_MESSAGE);
        while (wire.isReadable()) {
            int piece = Math.min(wire.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 20 : 100_000));
            channel.writeInbound(wire.readBytes(piece));
        }
        List<Integer> partSizes = new ArrayList<>();

        List<byte[]> arrived = messages(channel, partSizes);

        assertThat(arrived).as("seed %d", seed).containsExactlyElementsOf(sent);
        assertThat(partSizes).allMatch(size -> size <= FrameSplitter.PART_BYTES);
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void aFrameOf64MebibytesIsHandedOnBeforeItHasArrived() {
        EmbeddedChannel channel = splitterAndDecoder(MAX_MESSAGE);
        ByteBuf head = Unpooled.buffer()
                .writeByte(0x82)
                .writeByte(0xff)
                .writeLong(MAX_MESSAGE)
                .writeInt(0);
        channel.writeInbound(head, Unpooled.wrappedBuffer(new byte[FrameSplitter.PART_BYTES]));

        WebSocketFrame first = channel.readInbound();

        assertThat(first).isInstanceOf(BinaryWebSocketFrame.class);
        assertThat(first.isFinalFragment()).isFalse();
        assertThat(first.content().readableBytes()).isEqualTo(FrameSplitter.PART_BYTES);
        first.release();
        channel.finishAndReleaseAll();
    }

    @Test
    void aMessageAboveTheLimitIsRefusedByItsHeaderAlone() {
        EmbeddedChannel channel = splitterAndDecoder(1000);

        assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer()
                        .writeBytes(new byte[] {(byte) 0x82, (byte) 0xfe, 0x03, (byte) 0xe9, 0, 0, 0, 0})))
                .isInstanceOf(TooLongFrameException.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void fragmentsCountTogether() {
        EmbeddedChannel channel = splitterAndDecoder(1000);
        ByteBuf wire = onTheWire(
                new BinaryWebSocketFrame(false, 0, Unpooled.wrappedBuffer(new byte[600])),
                new ContinuationWebSocketFrame(true, 0, Unpooled.wrappedBuffer(new byte[600])));

        assertThatThrownBy(() -> channel.writeInbound(wire)).isInstanceOf(TooLongFrameException.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void textIsSplitJustAsWell() {
        EmbeddedChannel channel = splitterAndDecoder(MAX_MESSAGE);
        String text = "é".repeat(100_000);
        channel.writeInbound(onTheWire(new TextWebSocketFrame(text)));
        List<byte[]> arrived = messages(channel, new ArrayList<>());

        assertThat(arrived).hasSize(1);
        assertThat(new String(arrived.get(0), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(text);
    }
}
