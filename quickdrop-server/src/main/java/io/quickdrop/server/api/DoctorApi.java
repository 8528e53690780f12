package io.quickdrop.server.api;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.server.addresses.ReachableAddresses;
import io.quickdrop.server.doctor.Checkup;
import io.quickdrop.server.doctor.Contacts;
import io.quickdrop.server.doctor.Diagnosis;
import io.quickdrop.server.doctor.DoorBook;
import io.quickdrop.server.doctor.Finding;
import io.quickdrop.server.doctor.Firewall;
import io.quickdrop.server.doctor.FirewallLook;
import io.quickdrop.server.doctor.SelfCheck;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Why no phone gets through. */
public final class DoctorApi {
    /** Looking takes a moment and other programs' time; a page that asks on and on is told the same for so long. */
    private static final long KEEP_NANOS = 4_000_000_000L;

    private static final Gson GSON = new Gson();

    private final DoorBook book;
    private final SelfCheck selfCheck;
    private final Supplier<ReachableAddresses> addresses;
    private final IntSupplier port;
    private @Nullable Checkup last;
    private long lastNanos;

    /** @param addresses asked each time, since they change */
    public DoctorApi(DoorBook book, SelfCheck selfCheck, Supplier<ReachableAddresses> addresses, IntSupplier port) {
        this.book = book;
        this.selfCheck = selfCheck;
        this.addresses = addresses;
        this.port = port;
    }

    /** Adds the endpoint. */
    public void addTo(Router router) {
        router.on(HttpMethod.GET, "/api/doctor", Audience.OPERATOR, this::doctor);
    }

    private synchronized Response doctor(Request request) {
        Checkup known = last;
        long now = System.nanoTime();
        List<Checkup.Reach> reached;
        List<Firewall> firewalls;
        if (known == null || now - lastNanos > KEEP_NANOS) {
            reached = selfCheck.of(addresses.get().list(), port.getAsInt());
            firewalls = FirewallLook.at(port.getAsInt());
            lastNanos = System.nanoTime();
        } else {
            reached = known.addresses();
            firewalls = known.firewalls();
        }
        Checkup checkup = new Checkup(port.getAsInt(), reached, firewalls, book.contacts());
        last = checkup;
        JsonArray findings = new JsonArray();
        for (Finding finding : Diagnosis.of(checkup)) {
            JsonObject json = new JsonObject();
            json.addProperty("code", finding.code());
            json.addProperty("severity", finding.severity().name().toLowerCase(Locale.ROOT));
            json.addProperty("title", finding.title());
            json.addProperty("detail", finding.detail());
            json.add("todo", GSON.toJsonTree(finding.todo()));
            findings.add(json);
        }
        JsonObject answer = new JsonObject();
        answer.add("findings", findings);
        answer.add("contacts", contacts(checkup.contacts()));
        answer.add("addresses", GSON.toJsonTree(checkup.addresses()));
        answer.add("firewalls", GSON.toJsonTree(checkup.firewalls()));
        return Response.Json.ok(answer);
    }

    private static JsonObject contacts(Contacts contacts) {
        JsonObject json = new JsonObject();
        json.addProperty("connections", contacts.connections());
        json.addProperty("certificateRefused", contacts.certificateRefused());
        json.addProperty("handshakesFailed", contacts.handshakesFailed());
        json.addProperty("handshakes", contacts.handshakes());
        json.addProperty("hostsRefused", contacts.hostsRefused());
        json.addProperty("refusedHost", contacts.refusedHost());
        json.addProperty("pages", contacts.pages());
        json.addProperty("pairings", contacts.pairings());
        json.addProperty("sockets", contacts.sockets());
        json.addProperty("socketsRefused", contacts.socketsRefused());
        contacts.lastAgo().ifPresent(ago -> json.addProperty("lastMsAgo", ago.toMillis()));
        return json;
    }
}
