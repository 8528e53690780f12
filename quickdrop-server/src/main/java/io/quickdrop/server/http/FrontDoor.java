package io.quickdrop.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quickdrop.server.access.Authorization;
import io.quickdrop.server.access.HostAllowlist;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request passes here, in this order: is the Host one of ours, is the Origin, who is it, which endpoint, may they.
 * One per channel; endpoints run on the site's workers, one request of a channel at a time.
 */
final class FrontDoor extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final ResponseWriter.Asked LAST = new ResponseWriter.Asked(false, false, null, null);

    private final Site site;
    private boolean busy;

    FrontDoor(Site site) {
        this.site = site;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
        if (!message.decoderResult().isSuccess() || busy) {
            // A broken request, or a second one before the answer to the first: browsers send neither.
            refuse(ctx, new HttpProblem(400, "BAD_REQUEST", "not an HTTP/1.1 request that can be understood"));
            return;
        }
        List<String> hosts = message.headers().getAll(HttpHeaderNames.HOST);
        String host = hosts.size() == 1 ? hosts.get(0) : null;
        if (host == null || site.allowlist().get().checkHost(host) != HostAllowlist.Verdict.ALLOWED) {
            ResponseWriter.write(
                    ctx,
                    LAST,
                    new Response.Empty(421, Map.of("X-Refused", HostAllowlist.Verdict.HOST_NOT_ALLOWED.name())));
            return;
        }
        Optional<Duration> wait = tooManyRequests(ctx);
        if (wait.isPresent()) {
            refuse(
                    ctx,
                    new HttpProblem(
                            429,
                            "TOO_MANY_REQUESTS",
                            "too many requests from this address",
                            Map.of("Retry-After", Long.toString(1 + wait.get().toSeconds()))));
            return;
        }
        QueryStringDecoder uri = new QueryStringDecoder(message.uri());
        String path = decodedPath(uri);
        if (path == null || !path.startsWith("/")) {
            refuse(ctx, new HttpProblem(400, "BAD_REQUEST", "the path can't be decoded"));
            return;
        }
        if (path.equals("/ws")) {
            upgrade(ctx, message, uri);
            return;
        }
        answer(ctx, message, uri, path, host);
    }

    private Optional<Duration> tooManyRequests(ChannelHandlerContext ctx) {
        InetAddress remote = ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress();
        return remote.isLoopbackAddress() ? Optional.empty() : site.rateLimit().take(remote.getHostAddress());
    }

    private void upgrade(ChannelHandlerContext ctx, FullHttpRequest message, QueryStringDecoder uri) {
        InetSocketAddress remote = (InetSocketAddress) ctx.channel().remoteAddress();
        FullHttpRequest kept = message.retain();
        busy = true;
        run(
                ctx,
                () -> {
                    Site.Admission admission =
                            site.socketDoor().judge(remote.getAddress(), uri.parameters(), kept.headers());
                    ctx.executor().execute(() -> {
                        try {
                            if (ctx.channel().isActive()) {
                                admission.carryOut(ctx, kept);
                            }
                        } finally {
                            kept.release();
                        }
                    });
                },
                kept::release);
    }

    private void answer(
            ChannelHandlerContext ctx, FullHttpRequest message, QueryStringDecoder uri, String path, String host) {
        HttpMethod method = message.method();
        ResponseWriter.Asked asked = new ResponseWriter.Asked(
                method.equals(HttpMethod.HEAD),
                HttpUtil.isKeepAlive(message),
                message.headers().get(HttpHeaderNames.RANGE),
                message.headers().get(HttpHeaderNames.IF_RANGE));
        InetSocketAddress remote = (InetSocketAddress) ctx.channel().remoteAddress();
        String body = message.content().toString(StandardCharsets.UTF_8);
        var headers = message.headers().copy();
        busy = true;
        run(
                ctx,
                () -> {
                    Response response;
                    try {
                        Authorization.Identity identity = site.authorization()
                                .identify(remote.getAddress(), headers.get(HttpHeaderNames.AUTHORIZATION), null);
                        checkOrigin(method, headers.get(HttpHeaderNames.ORIGIN), identity);
                        Router.Match match = site.router()
                                .find(method, path)
                                .orElseThrow(() -> HttpProblem.notFound("'" + path + "'"));
                        checkAudience(match.audience(), identity, headers.get(HttpHeaderNames.COOKIE), method);
                        response = match.endpoint()
                                .answer(new Request(
                                        method,
                                        path,
                                        match.pathValues(),
                                        uri.parameters(),
                                        headers,
                                        host,
                                        remote.getAddress(),
                                        identity.principal(),
                                        body));
                    } catch (HttpProblem problem) {
                        response = problem.asResponse();
                    } catch (RuntimeException bug) {
                        LOG.error("{} {} failed", method, path, bug);
                        response = new HttpProblem(500, "INTERNAL", "the server made a mistake; its log says which")
                                .asResponse();
                    }
                    Response done = response;
                    ctx.executor().execute(() -> {
                        busy = false;
                        ResponseWriter.write(ctx, asked, done);
                    });
                },
                () -> {});
    }

    private void checkOrigin(HttpMethod method, @Nullable String origin, Authorization.Identity identity)
            throws HttpProblem {
        boolean mutates = !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
        if (mutates
                && site.allowlist().get().checkOrigin(origin, identity.byBearer()) != HostAllowlist.Verdict.ALLOWED) {
            throw new HttpProblem(
                    403,
                    HostAllowlist.Verdict.ORIGIN_NOT_ALLOWED.name(),
                    "found Origin " + origin + "; allowed are this server's own pages");
        }
    }

    private void checkAudience(
            Router.Audience audience, Authorization.Identity identity, @Nullable String cookie, HttpMethod method)
            throws HttpProblem {
        boolean allowed =
                switch (audience) {
                    case ANYONE -> true;
                    case OPERATOR -> identity.principal().mayOperate();
                    case MEDIA ->
                        identity.principal().mayOperate() || site.mediaCookie().isValidIn(cookie);
                };
        if (!allowed) {
            throw new HttpProblem(
                    401,
                    "OPERATOR_TOKEN_NEEDED",
                    method + " here needs the operator's token, which the server prints at its start");
        }
    }

    private void run(ChannelHandlerContext ctx, Runnable task, Runnable ifRejected) {
        try {
            site.workers().execute(task);
        } catch (RejectedExecutionException full) {
            ifRejected.run();
            refuse(
                    ctx,
                    new HttpProblem(
                            503, "BUSY", "too many requests at once; come back soon", Map.of("Retry-After", "1")));
        }
    }

    private static void refuse(ChannelHandlerContext ctx, HttpProblem problem) {
        ResponseWriter.write(ctx, LAST, problem.asResponse());
    }

    private static @Nullable String decodedPath(QueryStringDecoder uri) {
        try {
            return uri.path();
        } catch (IllegalArgumentException undecodable) {
            return null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            refuse(ctx, new HttpProblem(413, "TOO_LARGE", "allowed are 64 KiB a request"));
            return;
        }
        boolean everyday = cause instanceof IOException
                || cause.getCause() instanceof SSLException
                || Optional.ofNullable(cause.getMessage()).orElse("").contains("not an SSL/TLS record");
        if (!everyday) {
            LOG.warn("connection {} is closed by an error", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }
}
