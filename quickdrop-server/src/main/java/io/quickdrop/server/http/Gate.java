package io.quickdrop.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quickdrop.server.access.Authorization;
import io.quickdrop.server.access.HostAllowlist;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every request must show before it is looked at: a Host of ours, a modest rate, an Origin of ours on changes. */
final class Gate {
    private final Site site;

    Gate(Site site) {
        this.site = site;
    }

    /**
     * A request whose Host and rate are in order.
     *
     * @param path decoded, without the query
     * @param host the Host header, which is one of ours
     */
    record Passed(InetAddress remote, String host, String path, Map<String, List<String>> query) {}

    /** The answer to a request that does not pass. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Response answer;

        Refused(Response answer) {
            super("refused", null, false, false);
            this.answer = answer;
        }

        Response answer() {
            return answer;
        }
    }

    /** Judges Host and rate; on the event loop, in no time. */
    Passed pass(ChannelHandlerContext ctx, HttpRequest message) throws Refused {
        InetAddress remote = ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress();
        List<String> hosts = message.headers().getAll(HttpHeaderNames.HOST);
        String host = hosts.size() == 1 ? hosts.get(0) : null;
        if (host == null || site.allowlist().get().checkHost(host) != HostAllowlist.Verdict.ALLOWED) {
            site.watch().hostRefused(remote, host);
            throw new Refused(
                    new Response.Empty(421, Map.of("X-Refused", HostAllowlist.Verdict.HOST_NOT_ALLOWED.name())));
        }
        Optional<Duration> wait = remote.isLoopbackAddress() || isInstance(message)
                ? Optional.empty()
                : site.rateLimit().take(remote.getHostAddress());
        if (wait.isPresent()) {
            throw new Refused(new HttpProblem(
                            429,
                            "TOO_MANY_REQUESTS",
                            "too many requests from this address",
                            Map.of("Retry-After", Long.toString(1 + wait.get().toSeconds())))
                    .asResponse());
        }
        QueryStringDecoder uri = new QueryStringDecoder(message.uri());
        String path = decodedPath(uri);
        if (path == null || !path.startsWith("/")) {
            throw new Refused(new HttpProblem(400, "BAD_REQUEST", "the path can't be decoded").asResponse());
        }
        return new Passed(remote, host, path, uri.parameters());
    }

    private boolean isInstance(HttpRequest message) {
        return site.authorization().isInstance(message.headers().get(HttpHeaderNames.AUTHORIZATION));
    }

    /** Who asks, after their Origin was judged; may wait for the register of devices. */
    Authorization.Identity identify(HttpRequest message, InetAddress remote) throws HttpProblem {
        Authorization.Identity identity =
                site.authorization().identify(remote, message.headers().get(HttpHeaderNames.AUTHORIZATION), null);
        checkOrigin(message.method(), message.headers().get(HttpHeaderNames.ORIGIN), identity);
        return identity;
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

    private static @Nullable String decodedPath(QueryStringDecoder uri) {
        try {
            return uri.path();
        } catch (IllegalArgumentException undecodable) {
            return null;
        }
    }
}
