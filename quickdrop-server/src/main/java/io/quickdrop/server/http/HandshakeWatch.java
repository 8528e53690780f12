package io.quickdrop.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Tells how TLS handshakes end. */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
    private final DoorWatch watch;

    HandshakeWatch(DoorWatch watch) {
        this.watch = watch;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake
                && ctx.channel().remoteAddress() instanceof InetSocketAddress remote) {
            InetAddress address = remote.getAddress();
            if (handshake.isSuccess()) {
                watch.handshakeDone(address);
            } else {
                watch.handshakeFailed(address, String.valueOf(handshake.cause().getMessage()));
            }
        }
        ctx.fireUserEventTriggered(event);
    }
}
