package io.quickdrop.server.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose request does not come whole in time, however slowly it drips: TLS handshake, header and body
 * together. Idle keep-alive connections end the same way. Removed when the connection becomes a WebSocket.
 */
final class RequestDeadline extends ChannelDuplexHandler {
    static final String NAME = "request-deadline";

    private static final long REQUEST_SECONDS = 15;
    private static final long IDLE_SECONDS = 60;

    private @Nullable Future<?> deadline;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        arm(ctx, REQUEST_SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof LastHttpContent) {
            cancel();
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof LastHttpContent && !interim) {
            promise.addListener(done -> {
                if (ctx.channel().isActive() && !ctx.isRemoved()) {
                    arm(ctx, IDLE_SECONDS);
                }
            });
        }
        ctx.write(message, promise);
    }

    /** The request's body is somebody else's to bound; the answer arms the deadline again. On the event loop. */
    void suspend() {
        cancel();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancel();
    }

    private void arm(ChannelHandlerContext ctx, long seconds) {
        cancel();
        deadline = ctx.executor().schedule(() -> ctx.close(), seconds, TimeUnit.SECONDS);
    }

    private void cancel() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
