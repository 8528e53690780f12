package io.quickdrop.server.http;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedNioFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes answers onto a channel, each with the security headers that every answer has. */
final class ResponseWriter {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final int FILE_CHUNK_BYTES = 64 * 1024;

    private static final Map<String, String> EVERYWHERE = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "X-Frame-Options", "DENY",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Cache-Control", "no-store");

    /** What of the request decides how its answer is written. */
    record Asked(boolean head, boolean keepAlive, @Nullable String range, @Nullable String ifRange) {}

    private ResponseWriter() {}

    static void write(ChannelHandlerContext ctx, Asked asked, Response response) {
        write(ctx, asked, response, false);
    }

    /** @param linger whether the caller closes the connection: the request is not read to its end yet */
    static void write(ChannelHandlerContext ctx, Asked asked, Response response, boolean linger) {
        if (response instanceof Response.Json json) {
            ByteBuffer body = StandardCharsets.UTF_8.encode(GSON.toJson(json.body()));
            whole(ctx, asked, json.status(), "application/json", body, json.headers(), linger);
        } else if (response instanceof Response.Bytes bytes) {
            whole(ctx, asked, bytes.status(), bytes.contentType(), bytes.body(), bytes.headers(), linger);
        } else if (response instanceof Response.Empty empty) {
            whole(ctx, asked, empty.status(), null, ByteBuffer.allocate(0), empty.headers(), linger);
        } else if (response instanceof Response.File file) {
            file(ctx, asked, file);
        } else if (response instanceof Response.Streamed streamed) {
            streamed(ctx, asked, streamed, linger);
        } else if (response instanceof Response.Events events) {
            events(ctx, asked, events);
        } else {
            throw new AssertionError("answer without a case: " + response);
        }
    }

    private static void whole(
            ChannelHandlerContext ctx,
            Asked asked,
            int status,
            @Nullable String contentType,
            ByteBuffer body,
            Map<String, String> headers,
            boolean linger) {
        var message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status),
                asked.head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body.duplicate()));
        addHeaders(message.headers(), headers, contentType);
        if (status != 204 && status != 304) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.remaining());
        }
        keepAlive(message.headers(), asked);
        finish(ctx, asked, ctx.channel().write(message), linger);
    }

    /** The connection ends with the stream. */
    private static void events(ChannelHandlerContext ctx, Asked asked, Response.Events events) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        addHeaders(head.headers(), events.headers(), "text/event-stream");
        head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        if (asked.head) {
            ctx.channel().write(head);
            ctx.channel().writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        } else {
            ctx.channel().writeAndFlush(head);
            EventStream.begin(ctx, events.source());
        }
    }

    private static void file(ChannelHandlerContext ctx, Asked asked, Response.File file) {
        FileChannel channel;
        long size;
        try {
            channel = FileChannel.open(file.path(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            size = Math.min(channel.size(), file.bytes());
        } catch (IOException gone) {
            write(ctx, asked, HttpProblem.notFound("the file").asResponse());
            return;
        }
        boolean changed = asked.ifRange != null && !asked.ifRange.equals(file.etag());
        Optional<ByteRange> range = ByteRange.parse(changed ? null : asked.range, size);
        if (range.isEmpty() || asked.head || range.get().length() == 0) {
            closeQuietly(channel);
        }
        if (range.isEmpty()) {
            whole(ctx, asked, 416, null, ByteBuffer.allocate(0), Map.of("Content-Range", "bytes */" + size), false);
            return;
        }
        ByteRange part = range.get();
        HttpResponse head = new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, part.whole() ? HttpResponseStatus.OK : HttpResponseStatus.PARTIAL_CONTENT);
        addHeaders(head.headers(), file.headers(), file.contentType());
        head.headers().set(HttpHeaderNames.CONTENT_LENGTH, part.length());
        head.headers().set(HttpHeaderNames.ACCEPT_RANGES, HttpHeaderValues.BYTES);
        head.headers().set(HttpHeaderNames.ETAG, file.etag());
        if (!part.whole()) {
            head.headers().set(HttpHeaderNames.CONTENT_RANGE, part.contentRange(size));
        }
        keepAlive(head.headers(), asked);
        ctx.channel().write(head);
        if (!asked.head && part.length() > 0) {
            try {
                ctx.channel().write(new ChunkedNioFile(channel, part.first(), part.length(), FILE_CHUNK_BYTES));
            } catch (IOException e) {
                closeQuietly(channel);
                ctx.channel().close(); // the head is out: only a cut tells the truth
                return;
            }
        }
        finish(ctx, asked, ctx.channel().write(LastHttpContent.EMPTY_LAST_CONTENT), false);
    }

    private static void streamed(ChannelHandlerContext ctx, Asked asked, Response.Streamed streamed, boolean linger) {
        PublishedChunks body = new PublishedChunks(ctx);
        HttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(streamed.status()));
        addHeaders(head.headers(), streamed.headers(), streamed.contentType());
        boolean bodyless = asked.head || streamed.status() == 204 || streamed.status() == 304;
        Asked ending = streamed.length() < 0 && !bodyless ? new Asked(asked.head, false, null, null) : asked;
        if (streamed.length() >= 0 && streamed.status() != 204) {
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, streamed.length());
        }
        keepAlive(head.headers(), ending);
        ctx.channel().write(head);
        if (bodyless) {
            body.close(); // cancels as soon as it is subscribed
        } else {
            ctx.channel().write(body).addListener(written -> {
                if (!written.isSuccess()) {
                    ctx.channel().close(); // the head is out: only a cut tells the truth
                }
            });
        }
        streamed.body().subscribe(body);
        finish(ctx, ending, ctx.channel().write(LastHttpContent.EMPTY_LAST_CONTENT), linger);
    }

    private static void addHeaders(HttpHeaders headers, Map<String, String> own, @Nullable String contentType) {
        EVERYWHERE.forEach(headers::set);
        own.forEach(headers::set);
        if (contentType != null) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
    }

    private static void finish(ChannelHandlerContext ctx, Asked asked, ChannelFuture written, boolean linger) {
        ctx.channel().flush();
        if (!asked.keepAlive && !linger) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static void keepAlive(HttpHeaders headers, Asked asked) {
        headers.set(HttpHeaderNames.CONNECTION, asked.keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException readOnly) {
            // nothing was written through it, so nothing can be lost
        }
    }
}
