package io.quickdrop.server.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.relay.driver.Connection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A WebSocket on a Netty channel, as the relay needs it. */
public final class NettyConnection implements Connection {
    /**
     * A peer that lets this much pile up does not read. Text is a few hundred bytes each, and pictures are only sent into a
     * viewer's window, 4 MiB at most and one tile more.
     */
    private static final long MAX_PENDING_BYTES = 8L << 20;
    /** How long the peer may take to read our close frame before the socket goes. */
    private static final long CLOSE_PATIENCE_MS = 1_000;

    private final Channel channel;
    private final AtomicLong pending = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();

    /** Wraps an upgraded channel. */
    public NettyConnection(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void sendText(String text) {
        send(new TextWebSocketFrame(ByteBufUtil.writeUtf8(channel.alloc(), text)));
    }

    @Override
    public void sendBinary(ByteBuffer payload) {
        send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload)));
    }

    /** The pieces go to the socket as they are, one behind the other. */
    @Override
    public void sendBinary(List<ByteBuffer> pieces) {
        send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(pieces.size(), pieces.toArray(ByteBuffer[]::new))));
    }

    @Override
    public void sendPing() {
        send(new PingWebSocketFrame());
    }

    private void send(WebSocketFrame frame) {
        ByteBuf content = frame.content();
        int bytes = content.readableBytes();
        if (closing.get() || !channel.isActive()) {
            frame.release();
            return;
        }
        if (pending.addAndGet(bytes) > MAX_PENDING_BYTES) {
            frame.release();
            pending.addAndGet(-bytes);
            channel.close(); // a close frame would only join the queue that is not read
            return;
        }
        channel.writeAndFlush(frame).addListener(done -> pending.addAndGet(-bytes));
    }

    @Override
    public long pendingBytes() {
        return pending.get();
    }

    @Override
    public void pauseReading() {
        channel.config().setAutoRead(false);
    }

    @Override
    public void resumeReading() {
        channel.config().setAutoRead(true);
    }

    @Override
    public void close(int code, String reason) {
        if (!closing.compareAndSet(false, true) || !channel.isActive()) {
            return;
        }
        ChannelFuture written = channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
        if (code == CloseCode.NO_SIGN_OF_LIFE.code()) {
            written.addListener(ChannelFutureListener.CLOSE); // nobody is there to answer
        }
        // What the peer still sends is read and dropped. A socket that is closed over unread bytes answers with a
        // reset, and a peer in mid-upload would never see the code.
        channel.config().setAutoRead(true);
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    /** The peer's close frame came: the answer to ours, or its own wish. Nothing more comes after it. */
    void closedByPeer(int code) {
        if (closing.compareAndSet(false, true)) {
            channel.writeAndFlush(new CloseWebSocketFrame(code, "")).addListener(ChannelFutureListener.CLOSE);
        } else {
            channel.close();
        }
    }
}
