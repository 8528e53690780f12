package io.quickdrop.server.recordings;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file that takes one recording's bytes, and the hash that rolls along: of what was handed in. After a restart, or
 * where bytes were replaced, it is not known any more.
 */
final class PartFile implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PartFile.class.getName());
    private static final String ENDING = ".part";
    private static final int COPY_BYTES = 1024 * 1024;

    private final Facilities facilities;
    private final String name;
    private final DataFile file;
    private long written;
    /** Of [0, written), where known. */
    private @Nullable MessageDigest rolling;
    /** Of [0, checkpointBytes): where a rewind usually goes to. */
    private @Nullable MessageDigest checkpoint;

    private long checkpointBytes;
    /** Bytes were replaced since the last force. */
    private boolean replaced;

    private PartFile(Facilities facilities, String name, DataFile file, long written, @Nullable MessageDigest rolling) {
        this.facilities = facilities;
        this.name = name;
        this.file = file;
        this.written = written;
        this.rolling = rolling;
        checkpoint();
    }

    /** A new, empty file whose name is on the disk. */
    static PartFile create(Facilities facilities) throws IOException {
        String name = facilities.place().filePrefix() + Facilities.newName(ENDING);
        DataFile file = facilities.disk().create(facilities.folders().part(name));
        PartFile part = new PartFile(facilities, name, file, 0, sha256Digest());
        try {
            facilities.disk().syncFolder(facilities.folders().incoming());
            return part;
        } catch (IOException e) {
            part.closeAndRemove();
            throw e;
        }
    }

    /** A file from before, cut to {@code bytes}; it has at least as many. */
    static PartFile open(Facilities facilities, String name, long bytes) throws IOException {
        return open(facilities, name, bytes, bytes == 0 ? sha256Digest() : null);
    }

    private static PartFile open(Facilities facilities, String name, long bytes, @Nullable MessageDigest digest)
            throws IOException {
        DataFile file = facilities.disk().open(facilities.folders().part(name));
        PartFile part = new PartFile(facilities, name, file, bytes, digest);
        try {
            long length = file.size();
            if (length < bytes) {
                throw new IOException(name + " has " + length + " bytes; " + bytes + " were forced");
            }
            if (length > bytes) {
                file.truncate(bytes);
            }
            return part;
        } catch (IOException e) {
            part.close();
            throw e;
        }
    }

    String name() {
        return name;
    }

    /** Bytes behind each other from the start. After a failed write the file may have more; they don't count. */
    long written() {
        return written;
    }

    void append(ByteBuffer bytes) throws IOException {
        file.write(bytes.duplicate(), written);
        if (rolling != null) {
            rolling.update(bytes.duplicate());
        }
        written += bytes.remaining();
    }

    /** Writes over bytes that were written before. */
    void replace(long offset, ByteBuffer bytes) throws IOException {
        replaced = true;
        rolling = null;
        checkpoint = null;
        file.write(bytes.duplicate(), offset);
    }

    /** Whether there are replaced bytes that a power cut could take back. */
    boolean hasReplacedUnforced() {
        return replaced;
    }

    boolean matches(long offset, ByteBuffer bytes) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(bytes.remaining());
        file.read(found, offset);
        if (found.hasRemaining()) {
            throw new IOException(name + " ends before " + (offset + bytes.remaining()) + "; written were " + written);
        }
        return found.flip().equals(bytes);
    }

    void force() throws IOException {
        file.force();
        replaced = false;
        checkpoint();
    }

    /** The hash of everything that was handed in, if it rolled along from the first byte on. */
    Optional<String> rollingSha256() {
        return Optional.ofNullable(rolling).map(known -> hex(copy(known)));
    }

    /** The hash of what is in the file now: reads all of it. */
    String sha256OfFile() throws IOException {
        return hashOf(0, written);
    }

    /** The hashes of the blocks of a part, of what is in the file now. */
    List<String> hashes(long offset, long bytes, long blockBytes) throws IOException {
        List<String> hashes = new ArrayList<>();
        for (long at = offset; at < offset + bytes; at += blockBytes) {
            hashes.add(hashOf(at, Math.min(blockBytes, offset + bytes - at)));
        }
        return hashes;
    }

    /** The same file through a new descriptor, cut to {@code bytes}. This one is closed then. */
    PartFile reopened(long bytes) throws IOException {
        PartFile fresh = open(facilities, name, bytes, digestAt(bytes));
        close();
        return fresh;
    }

    /** A new file with the first {@code bytes} of this one, all of it on the disk. */
    PartFile renewed(long bytes) throws IOException {
        PartFile fresh = copied(facilities, name, bytes, null);
        fresh.rolling = digestAt(bytes);
        fresh.checkpoint();
        return fresh;
    }

    /**
     * A new file with the first {@code bytes} of another server's, which may still be written to: that one is only read. The
     * hash rolls along.
     */
    static PartFile copied(Facilities facilities, String name, long bytes) throws IOException {
        return copied(facilities, name, bytes, sha256Digest());
    }

    private static PartFile copied(Facilities facilities, String name, long bytes, @Nullable MessageDigest rolling)
            throws IOException {
        PartFile fresh = create(facilities);
        try (PartFile source = new PartFile(
                facilities, name, facilities.disk().open(facilities.folders().part(name)), bytes, null)) {
            fresh.rolling = rolling;
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, bytes));
            while (fresh.written < bytes) {
                source.readBlock(buffer, fresh.written, bytes);
                fresh.append(buffer);
            }
            fresh.force();
            return fresh;
        } catch (IOException e) {
            fresh.closeAndRemove();
            throw e;
        }
    }

    /** Lets go of the descriptor. What is acknowledged was forced, so that a failure here loses nothing. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "could not close " + name, e);
        }
    }

    void closeAndRemove() {
        close();
        facilities.tidy(facilities.folders().part(name));
    }

    private void checkpoint() {
        checkpoint = rolling == null ? null : copy(rolling);
        checkpointBytes = written;
    }

    private @Nullable MessageDigest digestAt(long bytes) {
        if (bytes == 0) {
            return sha256Digest();
        }
        return checkpoint == null || checkpointBytes != bytes ? null : copy(checkpoint);
    }

    private String hashOf(long offset, long bytes) throws IOException {
        MessageDigest digest = sha256Digest();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, bytes));
        long end = offset + bytes;
        for (long at = offset; at < end; at += buffer.limit()) {
            readBlock(buffer, at, end);
            digest.update(buffer.duplicate());
        }
        return hex(digest);
    }

    private static String hex(MessageDigest spent) {
        return HexFormat.of().formatHex(spent.digest());
    }

    /** Fills the buffer from {@code at}, but not beyond {@code end}, ready to read. */
    private void readBlock(ByteBuffer buffer, long at, long end) throws IOException {
        buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
        file.read(buffer, at);
        if (buffer.hasRemaining()) {
            throw new IOException(name + " ends before " + end);
        }
        buffer.flip();
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("SHA-256 of the JDK can be copied", e);
        }
    }
}
