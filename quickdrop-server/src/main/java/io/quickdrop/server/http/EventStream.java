package io.quickdrop.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The events of one answer on their way ({@code text/event-stream} of the HTML standard, section 9.2). One is in the socket and
 * one, the newest, waits: a reader that stands still costs no more, and is cut off after a while. Confined to the channel's
 * event loop, but for the sink.
 */
final class EventStream implements EventSource.Sink {
    /** A reader and the boxes between that hear nothing for longer take the stream for dead. */
    private static final long COMMENT_EVERY_SECONDS = 15;
    /** So often nothing may have been taken by the reader when a comment is due. */
    private static final int MOST_STALLS = 2;

    private final ChannelHandlerContext ctx;
    private @Nullable Runnable over;
    private @Nullable ScheduledFuture<?> comments;
    private @Nullable String next;
    private boolean writing;
    private boolean ending;
    private int stalls;

    private EventStream(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** Begins behind the head of the answer, which is written. On the event loop. */
    static void begin(ChannelHandlerContext ctx, EventSource source) {
        EventStream stream = new EventStream(ctx);
        stream.comments = ctx.executor()
                .scheduleWithFixedDelay(
                        stream::comment, COMMENT_EVERY_SECONDS, COMMENT_EVERY_SECONDS, TimeUnit.SECONDS);
        ctx.channel().closeFuture().addListener(closed -> stream.over());
        stream.over = source.begin(stream);
        if (!ctx.channel().isActive()) {
            stream.over();
        }
    }

    @Override
    public void event(String name, String data) {
        ctx.executor().execute(() -> {
            next = "event: " + name + "\ndata: " + data + "\n\n";
            advance();
        });
    }

    @Override
    public void end() {
        ctx.executor().execute(() -> {
            ending = true;
            advance();
        });
    }

    private void comment() {
        if (writing) {
            stalls++;
            if (stalls >= MOST_STALLS) {
                ctx.close();
            }
        } else if (next == null) {
            next = ": still here\n\n";
            advance();
        }
    }

    private void advance() {
        String text = next;
        if (writing || !ctx.channel().isActive()) {
            return;
        }
        if (text != null) {
            next = null;
            writing = true;
            stalls = 0;
            ctx.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)))
                    .addListener(written -> {
                        writing = false;
                        advance();
                    });
        } else if (ending) {
            writing = true;
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void over() {
        ScheduledFuture<?> ticking = comments;
        Runnable told = over;
        comments = null;
        over = null;
        if (ticking != null) {
            ticking.cancel(false);
        }
        if (told != null) {
            told.run();
        }
    }
}
