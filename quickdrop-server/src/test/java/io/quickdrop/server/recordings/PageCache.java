package io.quickdrop.server.recordings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a power cut takes at worst, since killing a process leaves everything in the system's cache: bytes that were not
 * forced, and names and moves in folders that were not synced. Files are only written behind their end here.
 */
final class PageCache {
    /** How far a file, under whatever names, was forced. */
    private static final class Forced {
        long bytes;
    }

    /** What stood where forced bytes were written over. */
    private record Overwritten(Path file, long position, ByteBuffer before) {}

    private record Move(Path target, Path file, boolean replaced) {}

    private final Map<Path, Forced> files = new HashMap<>();
    private final Set<Path> unsyncedNames = new HashSet<>();
    private final Deque<Move> unsyncedMoves = new ArrayDeque<>();
    /** The newest first. */
    private final Deque<Overwritten> overwritten = new ArrayDeque<>();

    synchronized void created(Path file) {
        files.put(file, new Forced());
        unsyncedNames.add(file);
    }

    /** Bytes are about to be written that may lie over others. */
    synchronized void writing(Path path, DataFile file, long position, int length) throws IOException {
        Forced known = files.get(path);
        long end = Math.min(known == null ? file.size() : known.bytes, position + length);
        if (position < end) {
            ByteBuffer before = ByteBuffer.allocate((int) (end - position));
            file.read(before, position);
            overwritten.push(new Overwritten(path, position, before.flip()));
        }
    }

    synchronized void forced(Path file, long bytes) {
        overwritten.removeIf(write -> write.file().equals(file));
        files.computeIfAbsent(file, unknown -> new Forced()).bytes = bytes;
    }

    synchronized void truncated(Path file, long bytes) {
        Forced known = files.get(file);
        if (known != null) {
            known.bytes = Math.min(known.bytes, bytes);
        }
    }

    synchronized void linked(Path name, Path file) {
        Forced known = files.get(file);
        if (known != null) {
            files.put(name, known);
        }
        unsyncedNames.add(name);
    }

    synchronized void moved(Path target, Path file, boolean replaced) {
        Forced known = files.remove(file);
        if (known != null) {
            files.put(target, known);
        }
        unsyncedMoves.push(new Move(target, file, replaced));
    }

    synchronized void deleted(Path file) {
        files.remove(file);
        unsyncedNames.remove(file);
    }

    synchronized void synced(Path folder) {
        unsyncedNames.removeIf(name -> folder.equals(name.getParent()));
        unsyncedMoves.removeIf(move -> folder.equals(move.target().getParent()));
    }

    /** The power goes; nobody has a file open any more. */
    synchronized void powerCut() throws IOException {
        takeOverwritesBack();
        while (!unsyncedMoves.isEmpty()) {
            Move move = unsyncedMoves.pop();
            Files.move(move.target(), move.file(), StandardCopyOption.REPLACE_EXISTING);
            Forced known = files.remove(move.target());
            if (known != null) {
                files.put(move.file(), known);
            }
            if (move.replaced()) {
                Files.createFile(move.target());
            }
        }
        for (Path name : unsyncedNames) {
            Files.deleteIfExists(name);
            files.remove(name);
        }
        unsyncedNames.clear();
        for (Map.Entry<Path, Forced> file : files.entrySet()) {
            try (FileChannel channel = FileChannel.open(file.getKey(), StandardOpenOption.WRITE)) {
                channel.truncate(file.getValue().bytes);
            }
        }
        files.clear();
    }

    private void takeOverwritesBack() throws IOException {
        while (!overwritten.isEmpty()) {
            Overwritten write = overwritten.pop();
            if (Files.exists(write.file())) {
                try (FileChannel channel = FileChannel.open(write.file(), StandardOpenOption.WRITE)) {
                    channel.write(write.before().duplicate(), write.position());
                }
            }
        }
    }
}
