package io.quickdrop.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.quickdrop.server.access.Authorization;
import io.quickdrop.server.access.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
    private final Gate gate;
    private boolean busy;
    private boolean streaming;

    FrontDoor(Site site) {
        this.site = site;
        this.gate = new Gate(site);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
        if (streaming) {
            ctx.close(); // the connection is the stream's until it ends
            return;
        }
        if (!message.decoderResult().isSuccess() || busy) {
            // A broken request, or a second one before the answer to the first: browsers send neither.
            refuse(ctx, new HttpProblem(400, "BAD_REQUEST", "not an HTTP/1.1 request that can be understood"));
            return;
        }
        Gate.Passed passed;
        try {
            passed = gate.pass(ctx, message);
        } catch (Gate.Refused refused) {
            ResponseWriter.write(ctx, LAST, refused.answer());
            return;
        }
        if (passed.path().equals("/ws")) {
            upgrade(ctx, message, passed);
            return;
        }
        answer(ctx, message, passed);
    }

    private void upgrade(ChannelHandlerContext ctx, FullHttpRequest message, Gate.Passed passed) {
        FullHttpRequest kept = message.retain();
        busy = true;
        run(
                ctx,
                () -> {
                    Site.Admission admission = judged(passed, kept);
                    ctx.executor().execute(() -> {
                        try {
                            if (ctx.channel().isActive()) {
                                admission.carryOut(ctx, kept);
                                site.watch().upgraded(passed.remote(), ctx.isRemoved());
                            }
                        } finally {
                            kept.release();
                        }
                    });
                },
                kept::release);
    }

    private Site.Admission judged(Gate.Passed passed, FullHttpRequest request) {
        try {
            return site.socketDoor().judge(passed.remote(), passed.query(), request.headers());
        } catch (UncheckedIOException away) {
            LOG.warn("an upgrade can't be judged: {}", away.getMessage());
            return (ctx, refused) -> refuse(ctx, HttpProblem.storeAway());
        }
    }

    private void answer(ChannelHandlerContext ctx, FullHttpRequest message, Gate.Passed passed) {
        String path = passed.path();
        HttpMethod method = message.method();
        ResponseWriter.Asked asked = new ResponseWriter.Asked(
                method.equals(HttpMethod.HEAD),
                HttpUtil.isKeepAlive(message),
                message.headers().get(HttpHeaderNames.RANGE),
                message.headers().get(HttpHeaderNames.IF_RANGE));
        String body = message.content().toString(StandardCharsets.UTF_8);
        var head = new DefaultHttpRequest(
                message.protocolVersion(),
                method,
                message.uri(),
                message.headers().copy());
        busy = true;
        run(
                ctx,
                () -> {
                    Response response;
                    try {
                        Authorization.Identity identity = gate.identify(head, passed.remote());
                        Router.Match match = site.router()
                                .find(method, path)
                                .orElseThrow(() -> HttpProblem.notFound("'" + path + "'"));
                        checkAudience(match.audience(), identity, head.headers().get(HttpHeaderNames.COOKIE), method);
                        response = match.endpoint()
                                .answer(new Request(
                                        method,
                                        path,
                                        match.pathValues(),
                                        passed.query(),
                                        head.headers(),
                                        passed.host(),
                                        passed.remote(),
                                        identity.principal(),
                                        body));
                    } catch (HttpProblem problem) {
                        response = problem.asResponse();
                    } catch (UncheckedIOException away) {
                        LOG.warn("{} {} can't be answered: {}", method, path, away.getMessage());
                        response = HttpProblem.storeAway().asResponse();
                    } catch (RuntimeException bug) {
                        LOG.error("{} {} failed", method, path, bug);
                        response = new HttpProblem(500, "INTERNAL", "the server made a mistake; its log says which")
                                .asResponse();
                    }
                    Response done = response;
                    site.watch().answered(passed.remote(), path);
                    ctx.executor().execute(() -> {
                        busy = false;
                        streaming = done instanceof Response.Events;
                        ResponseWriter.write(ctx, asked, done);
                    });
                },
                () -> {});
    }

    private void checkAudience(
            Router.Audience audience, Authorization.Identity identity, @Nullable String cookie, HttpMethod method)
            throws HttpProblem {
        boolean allowed =
                switch (audience) {
                    case ANYONE -> true;
                    case OPERATOR -> identity.principal().mayOperate();
                    case MEDIA ->
                        identity.principal().mayOperate()
                                || identity.principal() instanceof Principal.Instance
                                || site.mediaCookie().isValidIn(cookie);
                    case OPERATOR_OR_INSTANCE ->
                        identity.principal().mayOperate() || identity.principal() instanceof Principal.Instance;
                    case INSTANCE -> identity.principal() instanceof Principal.Instance;
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
