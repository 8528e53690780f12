package io.quickdrop.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.quickdrop.server.access.Authorization;
import io.quickdrop.server.access.HostAllowlist;
import io.quickdrop.server.access.MediaCookie;
import io.quickdrop.server.access.RateLimit;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the front door leads to.
 *
 * @param allowlist under which names we answer; asked for each request, since addresses change
 * @param bodies takes requests whose body is not collected
 * @param rateLimit requests of one remote address; the own machine is not limited
 * @param watch hears what happens at the door
 * @param workers runs endpoints, which may block; rejects when too many wait
 */
public record Site(
        Supplier<HostAllowlist> allowlist,
        Authorization authorization,
        MediaCookie mediaCookie,
        Router router,
        SocketDoor socketDoor,
        BodyDesk bodies,
        RateLimit rateLimit,
        DoorWatch watch,
        Executor workers) {

    /** Judges upgrade requests at {@code /ws}. */
    public interface SocketDoor {
        /**
         * What to do with a request; called on a worker. Of it the Host was checked, nothing else.
         *
         * @param query decoded, each name with its values in order
         */
        Admission judge(InetAddress remote, Map<String, List<String>> query, HttpHeaders headers);
    }

    /** What to do with an upgrade request. */
    public interface Admission {
        /** Answers it; called on the channel's event loop. */
        void carryOut(ChannelHandlerContext ctx, FullHttpRequest request);
    }
}
