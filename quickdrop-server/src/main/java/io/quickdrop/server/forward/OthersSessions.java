package io.quickdrop.server.forward;

import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.protocol.ObserverMessage.RecordingProgress;
import io.quickdrop.protocol.ObserverMessage.RecordingStarted;
import io.quickdrop.protocol.ObserverMessage.Session;
import io.quickdrop.protocol.SessionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What dashboards know of the recordings that arrive at other servers, and what they are to be told when that changes. Safe on any
 * thread; never waits.
 */
public final class OthersSessions {
    private Map<SessionId, Session> known = Map.of();

    /** As they were read last. */
    public synchronized List<Session> list() {
        return List.copyOf(known.values());
    }

    /**
     * Compares with what was known.
     *
     * @param now all of them
     * @param freeBytes room here, which the messages tell
     * @param over told of each that is gone: it ended, or came to this server
     * @return what dashboards are to be told of the others
     */
    public synchronized List<ObserverMessage> changed(List<Session> now, long freeBytes, Consumer<SessionId> over) {
        Map<SessionId, Session> next = new LinkedHashMap<>();
        List<ObserverMessage> news = new ArrayList<>();
        for (Session session : now) {
            Session before = known.get(session.sessionId());
            next.put(session.sessionId(), session);
            if (before == null || !session.state().equals(before.state()) || !same(before, session)) {
                news.add(new RecordingStarted(session));
            } else if (before.bytes() != session.bytes()) {
                news.add(new RecordingProgress(
                        session.sessionId(), session.bytes(), session.chunks(), session.state(), freeBytes));
            }
        }
        for (SessionId id : known.keySet()) {
            if (!next.containsKey(id)) {
                over.accept(id);
            }
        }
        known = next;
        return news;
    }

    private static boolean same(Session before, Session now) {
        return String.valueOf(before.instance()).equals(String.valueOf(now.instance()));
    }
}
