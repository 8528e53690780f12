package io.quickdrop.system.browser;

import com.microsoft.playwright.Page;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for facts inside a page. Playwright's own {@code waitForFunction} compiles its function anew for each look,
 * which the pages' content policy rightly forbids; and that policy must not be switched off in tests.
 */
public final class PageFact {
    private PageFact() {}

    /** Waits for {@link Chromium#PATIENCE_MS} at most. */
    public static Object await(Page page, String fact) {
        return await(page, fact, null, Chromium.PATIENCE_MS);
    }

    /**
     * Looks every 50 ms until the fact holds.
     *
     * @param fact a JavaScript function of {@code argument} whose answer counts as yes or no
     * @param argument null, a text or a number
     * @return the answer that counted as yes
     * @throws AssertionError after {@code timeoutMs}, with what the person saw then
     */
    public static Object await(Page page, String fact, @Nullable Object argument, double timeoutMs) {
        List<?> answer = ((List<?>) page.evaluate(
                """
                        async ([argument, timeoutMs]) => {
                          const fact = %s;
                          const endMs = performance.now() + timeoutMs;
                          for (;;) {
                            const answer = await fact(argument);
                            if (answer) return [true, answer];
                            if (performance.now() > endMs) return [false, document.body.innerText];
                            await new Promise(resolve => setTimeout(resolve, 50));
                          }
                        }"""
                        .formatted(fact),
                Arrays.asList(argument, timeoutMs)));
        if (!Boolean.TRUE.equals(answer.get(0))) {
            throw new AssertionError(
                    "not so within " + timeoutMs / 1_000 + " s: " + fact + "; the page reads:\n" + answer.get(1));
        }
        Object yes = answer.get(1);
        if (yes == null) {
            throw new AssertionError("null can't have counted as yes");
        }
        return yes;
    }
}
