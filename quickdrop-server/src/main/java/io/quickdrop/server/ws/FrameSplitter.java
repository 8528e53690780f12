package io.quickdrop.server.ws;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.Limits;
import java.util.List;

/**
 * Rewrites large data frames of a client into a row of small fragments (RFC 6455 section 5.4) before Netty's decoder
 * sees them. That decoder collects a whole frame in memory; v1 phones send single frames of up to 64 MiB, which must be
 * handed on in parts.
 *
 * <p>Payload bytes pass through untouched: part lengths are multiples of 4, so the mask (section 5.3) stays in step.
 */
final class FrameSplitter extends ByteToMessageDecoder {
    /** Longest part, bytes; a multiple of 4. Chunks of our own clients fit in and pass as they are. */
    static final int PART_BYTES = Limits.CLIENT_CHUNK_BYTES + Chunk.HEADER_BYTES;

    private static final int FIN = 0x80;
    private static final int OPCODE = 0x0f;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int MAX_DATA_OPCODE = 2;

    private final long maxMessageBytes;

    /** Of the frame that is being passed on: bytes not yet announced in a part, and of the part bytes not yet passed. */
    private long frameLeft;

    private int partLeft;
    private boolean finalFrame;
    private int maskKey;
    private long messageBytes;
    private boolean refused;

    /** @param maxMessageBytes longest message, over all its frames */
    FrameSplitter(long maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (refused) {
            in.skipBytes(in.readableBytes()); // the connection is being closed
            return;
        }
        if (partLeft == 0 && frameLeft == 0) {
            beginFrame(ctx, in, out);
            return;
        }
        if (partLeft == 0) {
            beginPart(ctx, 0, out);
        }
        pass(in, out); // at least a byte: what decodes must also read
    }

    private void pass(ByteBuf in, List<Object> out) {
        int length = Math.min(partLeft, in.readableBytes());
        out.add(in.readRetainedSlice(length));
        partLeft -= length;
    }

    private void beginFrame(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        if (in.readableBytes() < 2) {
            return;
        }
        int first = in.getUnsignedByte(start);
        int second = in.getUnsignedByte(start + 1);
        int shortLength = second & 0x7f;
        int lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
        boolean masked = (second & MASKED) != 0;
        int header = 2 + lengthBytes + (masked ? 4 : 0);
        if (in.readableBytes() < header) {
            return;
        }
        long length = lengthBytes == 2
                ? in.getUnsignedShort(start + 2)
                : lengthBytes == 8 ? in.getLong(start + 2) : shortLength;
        int opcode = first & OPCODE;
        boolean data = opcode <= MAX_DATA_OPCODE;
        if (data) {
            countMessage(opcode, length, (first & FIN) != 0);
        }
        boolean wellFormed = masked && (first & RESERVED) == 0 && length >= 0;
        if (!data || !wellFormed || length <= PART_BYTES) {
            // Small or not ours to judge: the decoder behind us sees the frame as it came.
            out.add(in.readRetainedSlice(header));
            partLeft = (int) Math.max(0, Math.min(length, PART_BYTES + 1));
            return;
        }
        maskKey = in.getInt(start + header - 4);
        in.skipBytes(header);
        frameLeft = length;
        finalFrame = (first & FIN) != 0;
        beginPart(ctx, opcode, out);
    }

    private void countMessage(int opcode, long length, boolean last) {
        messageBytes = (opcode == 0 ? messageBytes : 0) + length;
        if (length < 0 || messageBytes > maxMessageBytes) {
            refused = true;
            throw new TooLongFrameException("allowed are " + maxMessageBytes + " bytes a message");
        }
        if (last) {
            messageBytes = 0;
        }
    }

    private void beginPart(ChannelHandlerContext ctx, int opcode, List<Object> out) {
        partLeft = (int) Math.min(frameLeft, PART_BYTES);
        frameLeft -= partLeft;
        boolean lastPart = frameLeft == 0;
        ByteBuf header = ctx.alloc().buffer(14);
        header.writeByte((lastPart && finalFrame ? FIN : 0) | opcode);
        if (partLeft < 126) {
            header.writeByte(MASKED | partLeft);
        } else if (partLeft <= 0xffff) {
            header.writeByte(MASKED | 126).writeShort(partLeft);
        } else {
            header.writeByte(MASKED | 127).writeLong(partLeft);
        }
        header.writeInt(maskKey);
        out.add(header);
    }
}
