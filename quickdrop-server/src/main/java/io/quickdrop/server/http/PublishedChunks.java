package io.quickdrop.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A body that another thread publishes, written as the channel takes it: the next part is asked for when the one before is
 * written, so that no more than one part waits here.
 */
final class PublishedChunks implements ChunkedInput<ByteBuf>, Flow.Subscriber<List<ByteBuffer>> {
    private final ChannelHandlerContext ctx;
    private final Queue<ByteBuffer> ready = new ArrayDeque<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable Throwable failure;
    private boolean asked;
    private boolean whole;
    private boolean closed;
    private long written;

    PublishedChunks(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void onSubscribe(Flow.Subscription made) {
        synchronized (this) {
            subscription = made;
            if (!closed) {
                asked = true;
            }
        }
        if (closed) {
            made.cancel();
        } else {
            made.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        synchronized (this) {
            asked = false;
            ready.addAll(parts);
        }
        resume();
    }

    @Override
    public void onError(Throwable cause) {
        synchronized (this) {
            failure = cause;
        }
        resume();
    }

    @Override
    public void onComplete() {
        synchronized (this) {
            whole = true;
        }
        resume();
    }

    private void resume() {
        ctx.executor().execute(() -> {
            ChunkedWriteHandler writer = ctx.pipeline().get(ChunkedWriteHandler.class);
            if (writer != null) {
                writer.resumeTransfer();
            }
        });
    }

    @Override
    public synchronized boolean isEndOfInput() {
        return closed || (whole && ready.isEmpty());
    }

    @Override
    public @Nullable ByteBuf readChunk(ByteBufAllocator allocator) throws IOException {
        Flow.Subscription more = null;
        ByteBuffer next;
        synchronized (this) {
            next = ready.poll();
            if (next == null && failure != null) {
                throw new IOException("the other server's answer broke off", failure);
            }
            if (ready.isEmpty() && !asked && !whole && !closed && failure == null) {
                asked = true;
                more = subscription;
            }
            written += next == null ? 0 : next.remaining();
        }
        if (more != null) {
            more.request(1);
        }
        return next == null ? null : Unpooled.wrappedBuffer(next);
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // Netty's to call, and to remove
    public @Nullable ByteBuf readChunk(ChannelHandlerContext context) throws IOException {
        return readChunk(context.alloc());
    }

    @Override
    public void close() {
        Flow.Subscription open;
        synchronized (this) {
            closed = true;
            ready.clear();
            open = subscription;
        }
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public synchronized long progress() {
        return written;
    }
}
