package io.quickdrop.server.catalogue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process per folder, or several that all say that they share it. The operating system lets go of the lock when the process
 * dies, however it dies.
 */
public final class FolderLock implements AutoCloseable {
    private static final String FILE_NAME = "lock";
    /** Behind the process id in the file: Windows forbids others to read what is locked. */
    private static final long LOCKED_BYTE = 1L << 40;

    /** Java lets one process lock a part of a file once only: servers of this process that share a folder share the lock. */
    private static final Map<Path, FolderLock> SHARED = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    /** How many hold it; 0 for a lock of one alone. */
    private int sharers;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Shares the folder with others that share it, on this machine or others that see the folder.
     *
     * @param folder exists
     * @throws StorageException if a server has the folder for itself, or it can't be written to
     */
    public static FolderLock share(Path folder) throws StorageException {
        Path file = folder.toAbsolutePath().normalize().resolve(FILE_NAME);
        synchronized (SHARED) {
            FolderLock held = SHARED.get(file);
            if (held == null) {
                held = take(folder, file, true);
                SHARED.put(file, held);
            }
            held.sharers++;
            return held;
        }
    }

    /**
     * Takes the folder for this process.
     *
     * @param folder exists
     * @throws StorageException if another store has it, in this process or another, or the folder can't be written to
     */
    public static FolderLock take(Path folder) throws StorageException {
        return take(folder, folder.resolve(FILE_NAME), false);
    }

    private static FolderLock take(Path folder, Path file, boolean shared) throws StorageException {
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new StorageException(Kind.FAILED, "the folder " + folder + " can't be written to: " + e, e);
        }
        try {
            if (!locked(channel, shared)) {
                throw new StorageException(
                        Kind.FAILED,
                        "the folder " + folder + " is in use by another QuickDrop server" + holder(file)
                                + ": stop that one, or choose another folder");
            }
            byte[] process = Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII);
            if (!shared) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(process), 0);
            }
            return new FolderLock(file, channel);
        } catch (IOException e) {
            closeAfter(e, channel);
            throw new StorageException(Kind.FAILED, "the folder " + folder + " can't be locked: " + e, e);
        } catch (StorageException e) {
            closeAfter(e, channel);
            throw e;
        }
    }

    private static boolean locked(FileChannel channel, boolean shared) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock(LOCKED_BYTE, 1, shared);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String holder(Path file) {
        try {
            String process = Files.readString(file, US_ASCII);
            return process.matches("[0-9]{1,10}") ? " (process " + process + ")" : "";
        } catch (IOException e) {
            // Who holds it is a courtesy; that it is held is known.
            return "";
        }
    }

    private static void closeAfter(Exception cause, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Lets others have the folder. */
    @Override
    public void close() throws StorageException {
        synchronized (SHARED) {
            if (sharers > 0 && --sharers > 0) {
                return;
            }
            SHARED.remove(file, this);
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException(Kind.FAILED, "a folder's lock can't be released: " + e, e);
        }
    }
}
