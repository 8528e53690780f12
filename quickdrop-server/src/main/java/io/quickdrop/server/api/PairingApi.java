package io.quickdrop.server.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.server.access.DeviceKeys;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.PairedDevice;
import io.quickdrop.server.access.PairingDesk;
import io.quickdrop.server.access.Redemption;
import io.quickdrop.server.addresses.HostName;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import io.quickdrop.server.qr.QrCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Pairing of phones: the secret in the QR code, its exchange for a key, and the list of paired phones. */
public final class PairingApi {
    private static final int MAX_NAME_CHARS = 100;
    private static final int MAX_SECRET_CHARS = 100;

    private final PairingDesk desk;
    private final DeviceKeys devices;
    private final Supplier<Set<HostName>> names;
    private final IntSupplier port;
    private final Supplier<List<String>> connectedDevices;
    private final Audit audit;

    /**
     * Opens the desk to HTTP.
     *
     * @param names all own names and addresses
     * @param connectedDevices as the relay names them
     */
    public PairingApi(
            PairingDesk desk,
            DeviceKeys devices,
            Supplier<Set<HostName>> names,
            IntSupplier port,
            Supplier<List<String>> connectedDevices,
            Audit audit) {
        this.desk = desk;
        this.devices = devices;
        this.names = names;
        this.port = port;
        this.connectedDevices = connectedDevices;
        this.audit = audit;
    }

    /** Adds the endpoints. */
    public void addTo(Router router) {
        router.on(HttpMethod.POST, "/api/pairing", Audience.OPERATOR, this::offer)
                .on(HttpMethod.POST, "/api/pair", Audience.ANYONE, this::redeem)
                .on(HttpMethod.GET, "/api/devices", Audience.OPERATOR, request -> list())
                .on(HttpMethod.DELETE, "/api/devices/{id}", Audience.OPERATOR, this::revoke);
    }

    /** The address that a QR code shows: the secret is in the fragment, which browsers never send. */
    public static String pairingUrl(HostName host, int port, PairingDesk.Offer offer) {
        return "https://" + host.inUrl(port) + "/phone#pair=" + offer.secret();
    }

    private Response offer(Request request) throws HttpProblem {
        String wished = request.text("host", 253);
        HostName host = HostName.parse(wished)
                .filter(names.get()::contains)
                .orElseThrow(() -> new HttpProblem(
                        400, "BAD_FIELD", "'host' must be one of this server's own names; found '" + wished + "'"));
        PairingDesk.Offer offer = desk.offer(PairingDesk.PAGE_LIFE);
        String url = pairingUrl(host, port.getAsInt(), offer);
        QrCode code = QrCode.of(url);
        JsonObject qr = new JsonObject();
        qr.addProperty("size", code.size());
        qr.addProperty("path", code.svgPath());
        JsonObject answer = new JsonObject();
        answer.addProperty("url", url);
        answer.addProperty("expiresInMs", offer.life().toMillis());
        answer.add("qr", qr);
        return Response.Json.ok(answer);
    }

    private Response redeem(Request request) throws HttpProblem {
        String secret = request.text("secret", MAX_SECRET_CHARS);
        String name = request.text("name", MAX_NAME_CHARS);
        Redemption outcome = desk.redeem(secret, request.remote());
        if (outcome instanceof Redemption.TooManyTries wait) {
            audit.note(request, "pair", "phone", "refused: too many tries");
            throw new HttpProblem(
                    429,
                    "TOO_MANY_TRIES",
                    "too many wrong codes from this address; wait " + wait.retryAfterSeconds() + " s",
                    Map.of("Retry-After", Long.toString(wait.retryAfterSeconds())));
        }
        if (outcome instanceof Redemption.Expired) {
            audit.note(request, "pair", "phone", "refused: expired");
            throw new HttpProblem(
                    410, "PAIRING_EXPIRED", "this code was used or is too old: scan the one that is shown now");
        }
        DeviceKeys.Issued issued = devices.issue(name);
        audit.note(request, "pair", issued.device().id(), "paired");
        JsonObject answer = new JsonObject();
        answer.addProperty("deviceId", issued.device().id());
        answer.addProperty("name", issued.device().name());
        answer.addProperty("key", issued.key());
        return Response.Json.ok(answer);
    }

    private Response list() {
        List<String> connected = connectedDevices.get();
        JsonArray list = new JsonArray();
        for (PairedDevice device : devices.list()) {
            JsonObject item = new JsonObject();
            item.addProperty("id", device.id());
            item.addProperty("name", device.name());
            item.addProperty("pairedTs", device.pairedAt().toEpochMilli());
            item.addProperty("lastSeenTs", device.lastSeenAt().toEpochMilli());
            item.addProperty("connected", connected.contains(DeviceName.of(device)));
            list.add(item);
        }
        JsonObject answer = new JsonObject();
        answer.add("devices", list);
        return Response.Json.ok(answer);
    }

    private Response revoke(Request request) throws HttpProblem {
        String id = request.pathValue("id");
        if (!devices.revoke(id)) {
            throw HttpProblem.notFound("the device");
        }
        audit.note(request, "revoke", id, "revoked");
        return Response.Empty.noContent();
    }
}
