package io.quickdrop.server.send;

import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.websocket.Ending;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a connector told, to be looked at. */
class RecordedEvents implements ConnectionEvents {
    final CompletableFuture<Connection> opened = new CompletableFuture<>();
    final CompletableFuture<Ending> ended = new CompletableFuture<>();
    final List<String> texts = new CopyOnWriteArrayList<>();
    final List<Ending> endings = new CopyOnWriteArrayList<>();

    @Override
    public void opened(Connection connection) {
        opened.complete(connection);
    }

    @Override
    public void text(String text) {
        texts.add(text);
    }

    @Override
    public void alive() {
        // a sign of life has no content
    }

    @Override
    public void closed(int code, String reason) {
        Ending ending = new Ending(code, reason);
        endings.add(ending);
        ended.complete(ending);
    }
}
