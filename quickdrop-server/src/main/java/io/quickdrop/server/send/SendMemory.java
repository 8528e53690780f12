package io.quickdrop.server.send;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.server.privatefile.PrivateFile;
import io.quickdrop.websocket.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which uploads were begun and not finished, so that the same command goes on with them: one small file for
 * each pair of server and path, in a folder of the user's own.
 */
final class SendMemory {
    private static final Gson GSON = new Gson();

    /**
     * An upload that was begun.
     *
     * @param sessionId its name at the server
     * @param startedMillis when, milliseconds since 1970
     * @param bytes length of the file then
     * @param modifiedMillis last change of the file then
     */
    record Begun(String server, String path, String sessionId, long startedMillis, long bytes, long modifiedMillis) {
        /** Whether the file is what it was when this upload was begun. */
        boolean isOf(FileToSend file) {
            return bytes == file.bytes() && modifiedMillis == file.modifiedMillis();
        }

        SessionId session() {
            return new SessionId(sessionId);
        }
    }

    private final Path directory;

    /** @param directory made at the first write */
    SendMemory(Path directory) {
        this.directory = directory;
    }

    /** What was begun for this path at this server, whatever has become of the file since. */
    Optional<Begun> find(ServerAddress server, FileToSend file) throws IOException {
        try {
            String json = new String(PrivateFile.read(entry(server, file)), StandardCharsets.UTF_8);
            return Optional.ofNullable(GSON.fromJson(json, Begun.class)).filter(SendMemory::isWhole);
        } catch (NoSuchFileException | JsonParseException e) {
            return Optional.empty(); // nothing was begun, or what was kept is of no use: begin anew
        }
    }

    /** Notes a new upload; it survives a power cut when this returns. */
    Begun begin(ServerAddress server, FileToSend file, long nowMillis) throws IOException {
        Begun begun = new Begun(
                server.toString(),
                file.path().toString(),
                "send-" + UUID.randomUUID(),
                nowMillis,
                file.bytes(),
                file.modifiedMillis());
        PrivateFile.createDirectory(directory);
        PrivateFile.write(entry(server, file), GSON.toJson(begun).getBytes(StandardCharsets.UTF_8));
        return begun;
    }

    /** The upload is over, or of no use any more. */
    void forget(ServerAddress server, FileToSend file) throws IOException {
        Files.deleteIfExists(entry(server, file));
    }

    private static boolean isWhole(Begun begun) {
        @Nullable String id = begun.sessionId();
        return id != null && SessionId.isValid(id);
    }

    private Path entry(ServerAddress server, FileToSend file) {
        byte[] key = (server + "\n" + file.path()).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return directory.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".json");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
