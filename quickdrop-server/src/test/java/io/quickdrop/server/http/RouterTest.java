package io.quickdrop.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.server.http.Router.Audience;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RouterTest {
    private final Router router = new Router()
            .on(HttpMethod.GET, "/", Audience.ANYONE, request -> Response.Empty.noContent())
            .on(HttpMethod.GET, "/things/{id}", Audience.OPERATOR, request -> Response.Empty.noContent())
            .on(HttpMethod.DELETE, "/things/{id}", Audience.OPERATOR, request -> Response.Empty.noContent())
            .on(HttpMethod.GET, "/files/{path*}", Audience.ANYONE, request -> Response.Empty.noContent());

    @Test
    void aPlaceHolderTakesOneSegment() throws HttpProblem {
        assertThat(router.find(HttpMethod.GET, "/things/7"))
                .hasValueSatisfying(match -> assertThat(match.pathValues()).isEqualTo(Map.of("id", "7")));
        assertThat(router.find(HttpMethod.GET, "/things/7/more")).isEmpty();
        assertThat(router.find(HttpMethod.GET, "/things")).isEmpty();
    }

    @Test
    void aStarTakesTheRest() throws HttpProblem {
        assertThat(router.find(HttpMethod.GET, "/files/a/b.js"))
                .hasValueSatisfying(match -> assertThat(match.pathValues()).isEqualTo(Map.of("path", "a/b.js")));
    }

    @Test
    void headIsAnsweredAsGet() throws HttpProblem {
        assertThat(router.find(HttpMethod.HEAD, "/")).isPresent();
    }

    @Test
    void anotherMethodIsToldWhichAreAllowed() {
        assertThatThrownBy(() -> router.find(HttpMethod.POST, "/things/7"))
                .isInstanceOf(HttpProblem.class)
                .hasMessageContaining("GET, DELETE");
    }
}
