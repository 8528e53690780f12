package io.quickdrop.agent.identity;

import io.quickdrop.agent.screens.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A folder that only its owner may open, with small text files. Where a file system has no POSIX modes (Windows), the user's
 * profile protects it. Two processes may use it: a file is replaced whole.
 */
public final class PrivateFolder {
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwx------");

    private final Path folder;

    /** Names the folder; it is made when something is written. */
    public PrivateFolder(Path folder) {
        this.folder = folder;
    }

    /** Where this user's settings belong on this platform. */
    public static Path usual(Platform platform, Map<String, String> environment, Path userHome) {
        return switch (platform) {
            case X11 -> {
                String told = environment.getOrDefault("XDG_CONFIG_HOME", "");
                // The XDG base directory specification asks to ignore relative paths.
                Path base = told.startsWith("/") ? Path.of(told) : userHome.resolve(".config");
                yield base.resolve("quickdrop");
            }
            case WINDOWS -> {
                String told = environment.getOrDefault("APPDATA", "");
                Path base = told.isEmpty() ? userHome.resolve("AppData").resolve("Roaming") : Path.of(told);
                yield base.resolve("QuickDrop");
            }
            case MACOS ->
                userHome.resolve("Library").resolve("Application Support").resolve("QuickDrop");
        };
    }

    /** Where it lies. */
    public Path path() {
        return folder;
    }

    /**
     * A file's text; empty if there is no such file.
     *
     * @throws IdentityException if it is a link, too open to others and can't be closed, or can't be read
     */
    Optional<String> read(String name) throws IdentityException {
        Path file = folder.resolve(name);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (Files.isSymbolicLink(file)) {
                throw new IdentityException(file + " is a symbolic link; only a plain file is read here.");
            }
            if (hasModes(file)) {
                Files.setPosixFilePermissions(file, FILE_MODE); // a backup may have been restored with lax modes
            }
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IdentityException(file + " can't be read: " + words(e) + ".", e);
        }
    }

    /** Replaces a file in one step. */
    void write(String name, String text) throws IdentityException {
        Path file = folder.resolve(name);
        Path fresh = folder.resolve(name + ".new");
        try {
            make();
            Files.deleteIfExists(fresh);
            try (FileChannel channel = open(fresh, StandardOpenOption.CREATE_NEW)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IdentityException(
                    file + " can't be written: " + words(e)
                            + ". Make the folder writable, or name another with --home.",
                    e);
        }
    }

    /**
     * Opens a file for reading and writing, and makes it if there is none.
     *
     * @throws IdentityException if it is a link
     */
    public FileChannel open(String name) throws IOException, IdentityException {
        Path file = folder.resolve(name);
        make();
        if (Files.isSymbolicLink(file)) {
            throw new IdentityException(file + " is a symbolic link; only a plain file is written here.");
        }
        return open(file, StandardOpenOption.CREATE);
    }

    private void make() throws IOException {
        Files.createDirectories(folder);
        if (hasModes(folder)) {
            Files.setPosixFilePermissions(folder, FOLDER_MODE);
        }
    }

    /** The mode goes into the call that makes the file: there is no moment in which others could open it. */
    private FileChannel open(Path file, OpenOption create) throws IOException {
        Set<OpenOption> options =
                Set.of(create, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileAttribute<?>[] mode = hasModes(folder)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(FILE_MODE)}
                : new FileAttribute<?>[0];
        return FileChannel.open(file, options, mode);
    }

    private static boolean hasModes(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }

    private static String words(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "this user may not";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
