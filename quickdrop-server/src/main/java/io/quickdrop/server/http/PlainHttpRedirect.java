package io.quickdrop.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.quickdrop.server.access.HostAllowlist;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells TLS from plain HTTP by the first byte: a person who types the address without {@code https://} is sent to the
 * right one instead of seeing an empty answer.
 */
final class PlainHttpRedirect extends ByteToMessageDecoder {
    private static final int TLS_HANDSHAKE_RECORD = 22;
    private static final int MAX_HEAD_BYTES = 8192;
    private static final Pattern HOST = Pattern.compile("(?im)^host:[ \\t]*([^\\s]+)[ \\t]*\\r?$");

    private final HttpsPort.TlsSource tls;
    private final Supplier<HostAllowlist> allowlist;

    PlainHttpRedirect(HttpsPort.TlsSource tls, Supplier<HostAllowlist> allowlist) {
        this.tls = tls;
        this.allowlist = allowlist;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE_RECORD) {
            ctx.pipeline().replace(this, "tls", tls.current().newHandler(ctx.alloc()));
            return;
        }
        String head = in.toString(StandardCharsets.ISO_8859_1);
        if (!head.contains("\r\n\r\n") && head.length() < MAX_HEAD_BYTES) {
            return;
        }
        in.skipBytes(in.readableBytes());
        Matcher host = HOST.matcher(head);
        boolean known = host.find() && allowlist.get().checkHost(host.group(1)) == HostAllowlist.Verdict.ALLOWED;
        String answer = known
                ? "HTTP/1.1 308 Permanent Redirect\r\nLocation: https://" + host.group(1) + "/\r\n"
                : "HTTP/1.1 421 Misdirected Request\r\n";
        byte[] bytes = (answer + "Content-Length: 0\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        ctx.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(ChannelFutureListener.CLOSE);
    }
}
