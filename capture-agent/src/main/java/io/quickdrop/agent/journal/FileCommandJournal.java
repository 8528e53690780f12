package io.quickdrop.agent.journal;

import io.quickdrop.agent.identity.IdentityException;
import io.quickdrop.agent.identity.PrivateFolder;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.driver.agent.CommandJournal;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one desktop in the agent's private folder. Only ever appended to, each line forced before a call returns; a
 * line that a crash cut short is cut off. When it has grown it is written anew with what is still to be remembered, and takes
 * the old one's place in one step. Where two processes have it for a while, each knows what the other began ({@link
 * Ownership}).
 *
 * <p>After a failed write nothing in the file behind the last good line is believed, also if a later force succeeds (the
 * system may have thrown the bytes away): the next call writes the whole file anew first. Safe on any thread.
 */
public final class FileCommandJournal implements CommandJournal, Closeable {
    private static final String PREFIX = "commands-";
    /** Written anew when it has more lines than this, about three megabytes of usual ones, ... */
    private static final int MOST_LINES = 4 * REMEMBERED;
    /** ... or more bytes than this, and not half of them are needed. */
    private static final long MOST_BYTES = 8 << 20;

    private final Disk disk;
    private final PrivateFolder folder;
    private final Path file;
    private final Ownership ownership;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private @Nullable FileChannel channel;
    private int lines;
    private long bytes;
    private long bytesAnew;

    /**
     * Opens the journal of a desktop, or makes it.
     *
     * @param desktopId letters, digits, dots, underlines and hyphens
     * @throws IOException if it can't be written, or is damaged as no crash damages it
     */
    public FileCommandJournal(PrivateFolder folder, String desktopId) throws IOException {
        this(folder, desktopId, new Disk());
    }

    FileCommandJournal(PrivateFolder folder, String desktopId, Disk disk) throws IOException {
        this.disk = disk;
        this.folder = folder;
        this.file = folder.path().resolve(PREFIX + desktopId);
        this.ownership = new Ownership(folder, PREFIX + desktopId + ".owner");
        try {
            ownership.act(this::load, () -> {});
        } catch (Records.DamageException e) {
            throw new IOException(
                    file + " is damaged: " + e.getMessage() + ". Once no command is open for this desktop at its "
                            + "server, delete the file: a command that it knew could otherwise run a second time.",
                    e);
        } catch (IOException | IdentityException e) {
            throw failed("can't be read or written", e);
        }
    }

    private void load() throws IOException, IdentityException, Records.DamageException {
        close();
        entries.clear();
        byte[] found = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        Records.Read read = Records.read(found);
        entries.putAll(read.entries());
        boolean torn = read.wholeBytes() < found.length;
        if (read.lines() == 0 || torn || forgetOld() || read.lines() > MOST_LINES) {
            writeAnew();
            return;
        }
        lines = read.lines();
        bytes = read.wholeBytes();
        bytesAnew = bytes;
        channel = append();
        disk.force(channel); // whoever wrote the last line may have died before it did
    }

    @Override
    public synchronized List<Entry> read() {
        return List.copyOf(entries.values());
    }

    @Override
    public synchronized void began(String commandId, String commandType) throws IOException {
        write(Records.began(commandId, commandType), () -> {
            if (entries.containsKey(commandId)) {
                throw new IOException("another process of this desktop has begun this command");
            }
        });
        entries.put(commandId, new Entry(commandId, commandType, null));
        forgetOld();
    }

    @Override
    public synchronized void done(CommandResult result) throws IOException {
        write(Records.done(result), () -> {});
        entries.computeIfPresent(result.commandId(), (id, began) -> new Entry(id, began.commandType(), result));
    }

    /** @param check done when everything is known that others wrote */
    private void write(byte[] line, Ownership.Work check) throws IOException {
        try {
            ownership.act(this::load, () -> {
                check.run();
                boolean large = lines >= MOST_LINES || (bytes >= MOST_BYTES && bytes >= 2 * bytesAnew);
                FileChannel open = channel == null || large ? writeAnew() : channel;
                channel = null; // unless all of this succeeds, the file is not trusted
                try {
                    disk.append(open, ByteBuffer.wrap(line));
                    disk.force(open);
                    channel = open;
                } finally {
                    if (channel == null) {
                        closeQuietly(open);
                    }
                }
                lines++;
                bytes += line.length;
            });
        } catch (IOException | IdentityException | Records.DamageException e) {
            throw failed("can't be written", e);
        }
    }

    /** The same entries in as few lines as they take. */
    private FileChannel writeAnew() throws IOException, IdentityException {
        closeQuietly(channel); // Windows replaces no open file
        channel = null;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(Records.head());
        int count = 1;
        for (Entry entry : entries.values()) {
            text.write(Records.began(entry.commandId(), entry.commandType()));
            count++;
            CommandResult result = entry.result();
            if (result != null) {
                text.write(Records.done(result));
                count++;
            }
        }
        String name = file.getFileName() + ".new";
        Path fresh = file.resolveSibling(name);
        Files.deleteIfExists(fresh);
        try (FileChannel next = folder.open(name)) {
            disk.append(next, ByteBuffer.wrap(text.toByteArray()));
            disk.force(next);
        }
        disk.replace(fresh, file);
        FileChannel open = append();
        channel = open;
        lines = count;
        bytes = text.size();
        bytesAnew = bytes;
        return open;
    }

    private FileChannel append() throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** The newest stay, and the newest of each type: that tells how the desktop was left. Whether any went. */
    private boolean forgetOld() {
        if (entries.size() <= REMEMBERED) {
            return false;
        }
        List<Entry> oldestFirst = List.copyOf(entries.values());
        Set<String> newerTypes = new HashSet<>();
        int kept = 0;
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            Entry entry = oldestFirst.get(i);
            boolean newestOfType = newerTypes.add(entry.commandType());
            if (kept < REMEMBERED || newestOfType) {
                kept++;
            } else {
                entries.remove(entry.commandId());
            }
        }
        return true;
    }

    /** Lets go of the file; a later write opens it again. */
    @Override
    public synchronized void close() {
        closeQuietly(channel);
        channel = null;
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                System.getLogger(FileCommandJournal.class.getName())
                        .log(System.Logger.Level.DEBUG, "a journal's file was not closed in order", e);
            }
        }
    }

    private IOException failed(String what, Exception cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new IOException(file + " " + what + ": " + why + ". Commands are refused until it can.", cause);
    }
}
