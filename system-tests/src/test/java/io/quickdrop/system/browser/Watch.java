package io.quickdrop.system.browser;

import com.microsoft.playwright.BrowserContext;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Notes what must not happen in a browser: a violation of the pages' content policy, an error on the console or an
 * exception that nobody caught, and a request to anybody but the server.
 */
final class Watch {
    private static final String BINDING = "quickdropTestSawViolation";

    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<String> foreignRequests = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /**
     * Begins to watch every page of the context.
     *
     * @param hosts the names under which the server is addressed, with port
     */
    Watch(BrowserContext context, Set<String> hosts) {
        context.exposeBinding(BINDING, (source, arguments) -> violations.add(String.valueOf(arguments[0])));
        context.addInitScript("addEventListener('securitypolicyviolation', e => window." + BINDING
                + "(`${e.effectiveDirective} forbids ${e.blockedURI} (${e.sourceFile}:${e.lineNumber})`));");
        context.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text());
            }
        });
        context.onWebError(error -> errors.add(String.valueOf(error.error())));
        context.onRequest(request -> noteRequest(request.url(), hosts));
        context.onPage(page -> page.onWebSocket(socket -> noteRequest(socket.url(), hosts)));
    }

    private void noteRequest(String url, Set<String> hosts) {
        requests.add(url);
        URI address = URI.create(url);
        boolean inPage = "data".equals(address.getScheme()) || "blob".equals(address.getScheme());
        if (!inPage && !hosts.contains(address.getAuthority())) {
            foreignRequests.add(url);
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    List<String> errors() {
        return List.copyOf(errors);
    }

    List<String> foreignRequests() {
        return List.copyOf(foreignRequests);
    }

    /** All of them, so that a test can show that this watch saw something at all. */
    List<String> requests() {
        return List.copyOf(requests);
    }
}
