package io.quickdrop.server.api;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;

/** Endpoints that ask the store: what it can't do is answered in its own words. */
final class Stored {
    private Stored() {}

    /** An endpoint that may fail for the disk's sake. */
    interface Endpoint {
        Response answer(Request request) throws HttpProblem, StorageException;
    }

    /** The same, of a recording or session that the path names. */
    interface EndpointById {
        Response answer(Request request, SessionId id) throws HttpProblem, StorageException;
    }

    static Router.Endpoint any(Endpoint endpoint) {
        return request -> {
            try {
                return endpoint.answer(request);
            } catch (StorageException e) {
                throw new HttpProblem(
                        e.kind() == StorageException.Kind.FULL ? 507 : 503,
                        "STORAGE_" + e.kind(),
                        String.valueOf(e.getMessage()));
            }
        };
    }

    static Router.Endpoint byId(EndpointById endpoint) {
        return any(request -> endpoint.answer(request, id(request)));
    }

    static SessionId id(Request request) throws HttpProblem {
        String id = request.pathValue("id");
        if (!SessionId.isValid(id)) {
            throw new HttpProblem(400, "BAD_ID", "allowed are " + SessionId.RULE);
        }
        return new SessionId(id);
    }
}
