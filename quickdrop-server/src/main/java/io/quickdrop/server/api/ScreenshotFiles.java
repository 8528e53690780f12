package io.quickdrop.server.api;

import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.relay.driver.desktop.Screenshot;
import io.quickdrop.server.access.Principal;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** The files of screenshots: those that are here, and those that another instance has. */
public final class ScreenshotFiles {
    /** Brings a file from another instance. */
    public interface Elsewhere {
        /**
         * The file behind an address there; blocks.
         *
         * @throws IOException if the instance can't be reached
         */
        Fetched fetch(String instance, String path) throws IOException;
    }

    /**
     * What another instance answered.
     *
     * @param disposition its {@code Content-Disposition}
     */
    public record Fetched(int status, String disposition, ByteBuffer bytes) {}

    private final DesktopRelay relay;
    private final String self;
    private final Elsewhere elsewhere;

    /** @param self this instance's id */
    public ScreenshotFiles(DesktopRelay relay, String self, Elsewhere elsewhere) {
        this.relay = relay;
        this.self = self;
        this.elsewhere = elsewhere;
    }

    Response answer(Request request) throws HttpProblem, StorageException {
        String desktop = request.pathValue("id");
        String commandId = request.pathValue("command");
        Screenshot here = relay.screenshot(desktop, commandId).orElse(null);
        if (here != null) {
            return own(desktop, here);
        }
        if (request.principal() instanceof Principal.Instance) {
            throw gone();
        }
        StoredCommand command = relay.commands().find(commandId).orElseThrow(ScreenshotFiles::gone);
        StoredCommand.Ending ending = command.ending();
        String holder = ending == null ? null : ending.outcome().instance();
        if (!command.asked().clientId().equals(desktop) || holder == null || holder.equals(self)) {
            throw gone();
        }
        try {
            Fetched file = elsewhere.fetch(holder, "/api/desktops/" + desktop + "/screenshots/" + commandId);
            if (file.status() != 200) {
                throw gone();
            }
            return file(file.bytes(), file.disposition().endsWith(".png\""), file.disposition());
        } catch (IOException away) {
            throw new HttpProblem(503, "INSTANCE_AWAY", "the screenshot is at another instance: " + away.getMessage());
        }
    }

    private static HttpProblem gone() {
        return HttpProblem.notFound("the screenshot");
    }

    private static Response own(String desktop, Screenshot picture) {
        ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(picture.bytes()));
        picture.parts().forEach(part -> whole.put(part.duplicate()));
        boolean png = picture.mime().equals("image/png");
        String name =
                desktop.replaceAll("[^A-Za-z0-9._-]", "_") + "-screen-" + picture.screen() + (png ? ".png" : ".bin");
        return file(whole.flip(), png, "attachment; filename=\"" + name + "\"");
    }

    private static Response file(ByteBuffer bytes, boolean png, String disposition) {
        return new Response.Bytes(
                200,
                png ? "image/png" : "application/octet-stream", // never what a browser would run
                bytes,
                Map.of(
                        "Content-Disposition", disposition,
                        "Content-Security-Policy", "sandbox; default-src 'none'",
                        "Cache-Control", "private, no-store"));
    }
}
