package io.quickdrop.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before the front door and takes the requests whose bodies are not collected, one of a channel at a time. While one is
 * here the socket is read only as its body asks, so a slow disk reaches back to the sender and no thread waits.
 */
final class BodyDoor extends ChannelInboundHandlerAdapter {
    static final String NAME = "bodies";

    private static final Logger LOG = LoggerFactory.getLogger(BodyDoor.class);
    private static final HttpResponseStatus RESUMPTION_SUPPORTED =
            new HttpResponseStatus(104, "Upload Resumption Supported");
    /** How long the other end may take to notice an answer while it still sends; a reset would swallow the answer. */
    private static final long DRAIN_MILLIS = 2_000;

    private final Site site;
    private final Gate gate;
    private @Nullable Visit visit;

    BodyDoor(Site site) {
        this.site = site;
        this.gate = new Gate(site);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Visit current = visit;
        if (current == null && message instanceof HttpRequest head && isOurs(head)) {
            begin(ctx, head);
            ReferenceCountUtil.release(message);
        } else if (current != null) {
            try {
                current.took(message);
            } finally {
                ReferenceCountUtil.release(message);
            }
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private boolean isOurs(HttpRequest head) {
        String uri = head.uri();
        int query = uri.indexOf('?');
        return head.decoderResult().isSuccess() && site.bodies().takes(query < 0 ? uri : uri.substring(0, query));
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        Visit begun = new Visit(ctx, head);
        visit = begun;
        ctx.channel().config().setAutoRead(false);
        RequestDeadline deadline = ctx.pipeline().get(RequestDeadline.class);
        if (deadline != null) {
            deadline.suspend();
        }
        Gate.Passed passed;
        try {
            passed = gate.pass(ctx, head);
        } catch (Gate.Refused refused) {
            begun.answer(refused.answer());
            return;
        }
        HttpRequest kept = new DefaultHttpRequest(
                head.protocolVersion(),
                head.method(),
                head.uri(),
                head.headers().copy());
        try {
            site.workers().execute(() -> judge(begun, kept, passed));
        } catch (RejectedExecutionException full) {
            begun.answer(new HttpProblem(
                            503, "BUSY", "too many requests at once; come back soon", Map.of("Retry-After", "1"))
                    .asResponse());
        }
    }

    private void judge(Visit begun, HttpRequest head, Gate.Passed passed) {
        try {
            var identity = gate.identify(head, passed.remote());
            site.watch().answered(passed.remote(), passed.path());
            BodyDesk.Body body = site.bodies()
                    .begin(
                            new Request(
                                    head.method(),
                                    passed.path(),
                                    Map.of(),
                                    passed.query(),
                                    head.headers(),
                                    passed.host(),
                                    passed.remote(),
                                    identity.principal(),
                                    ""),
                            begun);
            begun.ctx.executor().execute(() -> begun.takenBy(body));
        } catch (HttpProblem problem) {
            begun.answer(problem.asResponse());
        } catch (UncheckedIOException away) {
            LOG.warn("{} {} can't be answered: {}", head.method(), passed.path(), away.getMessage());
            begun.answer(HttpProblem.storeAway().asResponse());
        } catch (RuntimeException bug) {
            LOG.error("{} {} failed", head.method(), passed.path(), bug);
            begun.answer(
                    new HttpProblem(500, "INTERNAL", "the server made a mistake; its log says which").asResponse());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Visit current = visit;
        if (current != null) {
            current.left();
        }
        ctx.fireChannelInactive();
    }

    /** One request while it is here. Its fields belong to the channel's event loop. */
    private final class Visit implements Exchange {
        private final ChannelHandlerContext ctx;
        private final ResponseWriter.Asked asked;
        private final boolean expectsContinue;
        private BodyDesk.@Nullable Body body;
        /** Read together with the head, before anybody took the body: one read of the socket at most. */
        private final Queue<ByteBuffer> early = new ArrayDeque<>();

        private boolean continued;
        private boolean wantsMore;
        private boolean whole;
        private boolean endTold;
        private boolean answered;
        private boolean left;

        Visit(ChannelHandlerContext ctx, HttpRequest head) {
            this.ctx = ctx;
            this.asked = new ResponseWriter.Asked(
                    head.method().equals(HttpMethod.HEAD), HttpUtil.isKeepAlive(head), null, null);
            this.expectsContinue = HttpUtil.is100ContinueExpected(head);
        }

        void took(Object message) {
            if (!(message instanceof HttpContent content)
                    || !content.decoderResult().isSuccess()
                    || whole) {
                ctx.close(); // a second request before the answer to the first, or a body that can't be read
                return;
            }
            whole = message instanceof LastHttpContent;
            ByteBuf bytes = content.content();
            if (bytes.isReadable() && !answered) {
                ByteBuffer copy = ByteBuffer.allocate(bytes.readableBytes());
                bytes.readBytes(copy);
                early.add(copy.flip());
            }
            BodyDesk.Body taker = body;
            if (answered && whole) {
                ctx.close();
            } else if (taker != null && !answered) {
                handOn(taker);
            }
        }

        private void handOn(BodyDesk.Body taker) {
            for (ByteBuffer part = early.poll(); part != null; part = early.poll()) {
                taker.part(part);
            }
            if (whole && !endTold) {
                endTold = true;
                taker.end();
            }
        }

        void takenBy(BodyDesk.Body taker) {
            body = taker;
            if (left) {
                taker.gone();
                return;
            }
            if (!answered) {
                handOn(taker);
                if (wantsMore) {
                    readMore();
                }
            }
        }

        void left() {
            left = true;
            BodyDesk.Body taker = body;
            if (taker != null && !answered) {
                taker.gone();
            }
        }

        @Override
        public void read() {
            ctx.executor().execute(() -> {
                wantsMore = true;
                if (body != null) {
                    readMore();
                }
            });
        }

        private void readMore() {
            if (left || answered || whole) {
                return;
            }
            wantsMore = false;
            if (expectsContinue && !continued) {
                continued = true;
                ctx.channel()
                        .writeAndFlush(new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1,
                                HttpResponseStatus.CONTINUE,
                                ctx.alloc().buffer(0)));
            }
            ctx.read();
        }

        @Override
        public void interim(Map<String, String> headers) {
            ctx.executor().execute(() -> {
                if (!left && !answered) {
                    var response = new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            RESUMPTION_SUPPORTED,
                            ctx.alloc().buffer(0));
                    headers.forEach(response.headers()::set);
                    response.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
                    ctx.channel().writeAndFlush(response);
                }
            });
        }

        @Override
        public void answer(Response response) {
            ctx.executor().execute(() -> answerNow(response));
        }

        private void answerNow(Response response) {
            if (left || answered) {
                return;
            }
            answered = true;
            boolean mayStay = whole && asked.keepAlive();
            ResponseWriter.write(ctx, new ResponseWriter.Asked(asked.head(), mayStay, null, null), response, !whole);
            if (mayStay) {
                visit = null;
            } else if (!whole) {
                ctx.executor().schedule(() -> ctx.close(), DRAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
            ctx.channel().config().setAutoRead(true); // of a body that nobody takes, the rest is dropped
        }

        @Override
        public void cut() {
            ctx.executor().execute(() -> ctx.close());
        }
    }
}
