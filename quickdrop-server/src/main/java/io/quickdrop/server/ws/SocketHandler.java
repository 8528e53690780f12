package io.quickdrop.server.ws;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.relay.driver.Peer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what arrives on one WebSocket to the relay's {@link Peer}, on the channel's event loop and so in order. */
final class SocketHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(SocketHandler.class);

    private final Peer peer;
    private final NettyConnection connection;
    private final TextParts text = new TextParts();
    private boolean binary;

    SocketHandler(Peer peer, NettyConnection connection) {
        this.peer = peer;
        this.connection = connection;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof BinaryWebSocketFrame) {
            binary = true;
            part(frame);
        } else if (frame instanceof TextWebSocketFrame) {
            binary = false;
            text.clear();
            textPart(frame);
        } else if (frame instanceof ContinuationWebSocketFrame) {
            if (binary) {
                part(frame);
            } else {
                textPart(frame);
            }
        } else if (frame instanceof PingWebSocketFrame) {
            ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
        } else if (frame instanceof CloseWebSocketFrame close) {
            int code = close.statusCode();
            connection.closedByPeer(code < 0 ? CloseCode.NORMAL.code() : code);
            peer.closed();
        }
    }

    private void part(WebSocketFrame frame) {
        // One copy, off Netty's pooled memory: the bytes live until the disk has them, as ordinary garbage.
        ByteBuf content = frame.content();
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        peer.binary(ByteBuffer.wrap(bytes), frame.isFinalFragment());
    }

    private void textPart(WebSocketFrame frame) {
        int maxBytes = peer.maxTextBytes();
        switch (text.add(frame.content(), maxBytes)) {
            case TOO_LONG -> peer.drop(CloseCode.TOO_BIG, "allowed are " + maxBytes + " bytes of text a message");
            case CROWDED -> peer.drop(CloseCode.TRY_AGAIN_LATER, "too many long messages are arriving");
            case TAKEN -> {
                if (frame.isFinalFragment()) {
                    peer.text(text.take());
                }
            }
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.pipeline().addFirst(new SignsOfLife(peer));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        text.clear();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        peer.closed();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof TooLongFrameException || cause.getCause() instanceof TooLongFrameException) {
            peer.drop(CloseCode.TOO_BIG, "the message is longer than the limits allow");
        } else if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            peer.drop(isNotUtf8(corrupted) ? CloseCode.NOT_UTF8 : CloseCode.PROTOCOL_ERROR, "not a WebSocket frame");
        } else if (cause instanceof CorruptedFrameException) {
            peer.drop(CloseCode.PROTOCOL_ERROR, "not a WebSocket frame");
        } else {
            if (!(cause instanceof IOException)) {
                LOG.warn("connection {} is closed by an error", ctx.channel().remoteAddress(), cause);
            }
            peer.closed();
            ctx.close();
        }
    }

    private static boolean isNotUtf8(CorruptedWebSocketFrameException cause) {
        return cause.closeStatus().code() == CloseCode.NOT_UTF8.code();
    }
}
