package io.quickdrop.server.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PageSetTest {
    private final Map<String, String> parts = new HashMap<>(Map.of(
            "/assets/phone/page.html",
            "<link href=\"/assets/shared/a.css\"><script src=\"/assets/phone/main.js\"></script>",
            "/assets/shared/a.css",
            "body { background: url(/assets/shared/b.svg) }",
            "/assets/shared/b.svg",
            "<svg/>",
            "/assets/phone/main.js",
            "import { x } from \"../shared/x.js\"; new Worker(\"/assets/shared/late.js\"); fetch(\"/api/info\");",
            "/assets/shared/x.js",
            "import \"./y.js\";",
            "/assets/shared/y.js",
            "import \"../phone/main.js\";",
            "/assets/shared/late.js",
            "",
            "/assets/sw/worker.js",
            "import \"../shared/only-worker.js\";",
            "/assets/shared/only-worker.js",
            "",
            "/assets/dashboard/other.js",
            ""));

    @Test
    void aPagesSetIsAllThatItMayEverLoadAndNothingElse() {
        assertThat(set().etags())
                .containsOnlyKeys(
                        "/phone",
                        "/assets/shared/a.css",
                        "/assets/shared/b.svg",
                        "/assets/phone/main.js",
                        "/assets/shared/x.js",
                        "/assets/shared/y.js",
                        "/assets/shared/late.js");
    }

    @Test
    void aChangeAnywhereInTheSetOrItsWorkerIsAnotherVersion() {
        String version = set().version();
        assertThat(set().version()).isEqualTo(version);

        parts.put("/assets/dashboard/other.js", "changed");
        assertThat(set().version()).as("no part of it").isEqualTo(version);
        parts.put("/assets/shared/y.js", "changed");
        String second = set().version();
        assertThat(second).isNotEqualTo(version);
        parts.put("/assets/shared/only-worker.js", "changed");
        assertThat(set().version()).isNotEqualTo(second);
    }

    @Test
    void theWorkersScriptNamesTheSet() {
        String script = new String(set().script("/assets/sw/worker.js"), StandardCharsets.UTF_8);

        assertThat(script)
                .startsWith("import { keep } from \"/assets/sw/worker.js\";")
                .contains(set().version(), "\"/phone\":\"\\\"etag of ");
    }

    private PageSet set() {
        return PageSet.of("/phone", "/assets/phone/page.html", "/assets/sw/worker.js", path -> {
            String body = parts.get(path);
            if (body == null) {
                throw new AssertionError("no part " + path);
            }
            return new PageSet.Part(
                    ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), "\"etag of " + body.hashCode() + "\"");
        });
    }
}
