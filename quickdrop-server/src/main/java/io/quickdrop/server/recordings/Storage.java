package io.quickdrop.server.recordings;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.server.catalogue.FolderLock;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose an output folder is, as files within it say, so that no server tidies away what another one's catalogue knows: a lone
 * server's has its catalogue in it, that of one of several servers bears an id, and one that several share says so.
 */
public final class Storage implements AutoCloseable {
    private static final String ID_FILE = "storage-id";
    private static final String SHARED_FILE = "shared";
    private static final String LONE_CATALOGUE = "catalogue.db";

    private final String id;
    private @Nullable FolderLock lock;

    private Storage(String id, @Nullable FolderLock lock) {
        this.id = id;
        this.lock = lock;
    }

    /** The folder's id; empty if it is a lone server's. */
    public String id() {
        return id;
    }

    /**
     * Takes the folder for a server, alone or together with others.
     *
     * @throws StorageException if it is another's or otherwise in use, or can't be written to, with a sentence for the person who
     *     started the server
     */
    public static Storage claim(StoreSettings settings) throws StorageException {
        Path own =
                StoreFolders.prepare(settings.output(), settings.membership()).own();
        StoreSettings.Membership member = settings.membership();
        try {
            boolean dataIsHere = own.equals(settings.data().toRealPath());
            if (member == null) {
                return alone(own, dataIsHere);
            }
            if (member.sharedFolder() && dataIsHere) {
                throw refusal(settings.output() + " is to be shared, so what is this server's alone can't be in it:"
                        + " choose a folder with --data");
            }
            return together(settings.output(), own, member.sharedFolder());
        } catch (IOException e) {
            throw new StorageException(Kind.FAILED, "whose " + settings.output() + " is can't be found out: " + e, e);
        }
    }

    private static Storage alone(Path own, boolean dataIsHere) throws StorageException {
        if (exists(own.resolve(ID_FILE))) {
            throw refusal(own.getParent() + " holds recordings of servers with a common database"
                    + (exists(own.resolve(SHARED_FILE)) ? ", which share it" : "")
                    + ": start this one with --database too, or choose another folder");
        }
        return new Storage("", dataIsHere ? null : FolderLock.take(own));
    }

    private static Storage together(Path output, Path own, boolean share) throws StorageException, IOException {
        if (exists(own.resolve(LONE_CATALOGUE))) {
            throw refusal(output + " holds recordings of a server that has its catalogue for itself, in "
                    + own.resolve(LONE_CATALOGUE) + ": choose another folder, or start without --database");
        }
        if (!share && exists(own.resolve(SHARED_FILE))) {
            throw refusal(output + " is shared by several servers: say --shared-folder, or choose another folder");
        }
        FolderLock lock = share ? FolderLock.share(own) : FolderLock.take(own);
        try {
            if (share) {
                write(own, SHARED_FILE, "several servers keep recordings here");
            }
            write(own, ID_FILE, UUID.randomUUID().toString());
            return new Storage(Files.readString(own.resolve(ID_FILE), US_ASCII).strip(), lock);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** Writes a file unless there is one; whole, or not at all, also for a server that starts at the same time. */
    private static void write(Path own, String name, String content) throws IOException {
        Path place = own.resolve(name);
        if (exists(place)) {
            return;
        }
        Path fresh = own.resolve(Facilities.newName("." + name));
        Files.writeString(fresh, content + "\n", US_ASCII, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
        try {
            Files.createLink(place, fresh);
        } catch (FileAlreadyExistsException another) {
            return;
        } catch (IOException | UnsupportedOperationException noLinks) {
            Files.move(fresh, place);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static StorageException refusal(String sentence) {
        return new StorageException(Kind.FAILED, sentence);
    }

    /** Lets others have the folder. Closing again does nothing. */
    @Override
    public synchronized void close() throws StorageException {
        FolderLock held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }
}
