package io.quickdrop.server.ws;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.quickdrop.relay.driver.Peer;

/**
 * Tells the peer of every byte that comes from its socket, long before they make a frame: on a slow line a frame of 64 KiB,
 * and even one TLS record, takes longer than a dead peer is given. Stands in front of TLS.
 */
final class SignsOfLife extends ChannelInboundHandlerAdapter {
    private final Peer peer;

    SignsOfLife(Peer peer) {
        this.peer = peer;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        peer.alive();
        ctx.fireChannelRead(bytes);
    }
}
