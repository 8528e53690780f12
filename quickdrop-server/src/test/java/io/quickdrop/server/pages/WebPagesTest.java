package io.quickdrop.server.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.server.access.Principal;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Router;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebPagesTest {
    private List<String> others = List.of("https://192.168.1.6:8443", "https://[fd00::6]:8444");
    private final Router router = new Router();

    WebPagesTest() {
        new WebPages(() -> others).addTo(router);
    }

    /** A worker lives under its own script's policy, so the page's alone would not do. */
    @ParameterizedTest
    @ValueSource(strings = {"/watch", "/assets/watch/worker.js"})
    void theViewerPageAndItsWorkerMayFetchPicturesFromTheOtherInstances(String path) throws HttpProblem {
        assertThat(connections(path)).isEqualTo("'self' wss://north:8443 wss://192.168.1.6:8443 wss://[fd00::6]:8444");
        others = List.of();
        assertThat(connections(path)).isEqualTo("'self' wss://north:8443");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/phone", "/assets/shared/link.js"})
    void otherPagesReachTheirOwnServerAlone(String path) throws HttpProblem {
        assertThat(connections(path)).isEqualTo("'self' wss://north:8443");
    }

    @Test
    void whatIsNoAddressNeverReachesThePolicy() throws HttpProblem {
        others = List.of("https://a; script-src *", "http://plain:80", "https://b:8443/path", "https://*:1");
        assertThat(connections("/watch")).isEqualTo("'self' wss://north:8443");
    }

    /** What {@code connect-src} allows. */
    private String connections(String path) throws HttpProblem {
        Router.Match match = router.find(HttpMethod.GET, path).orElseThrow();
        String policy = String.valueOf(match.endpoint()
                .answer(new Request(
                        HttpMethod.GET,
                        path,
                        match.pathValues(),
                        Map.of(),
                        new DefaultHttpHeaders(),
                        "north:8443",
                        InetAddress.getLoopbackAddress(),
                        new Principal.Operator(),
                        ""))
                .headers()
                .get("Content-Security-Policy"));
        int from = policy.indexOf("connect-src ") + "connect-src ".length();
        return policy.substring(from, policy.indexOf(';', from));
    }
}
