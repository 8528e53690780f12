package io.quickdrop.server.recordings;

import io.quickdrop.server.catalogue.Commit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The local disk, where each call can fail: calls are counted, commits of the catalogue included, and a {@link Fault}
 * says which fail, before or after they did their work.
 */
final class TestDisk implements Disk, Commit {
    /** What happens to a call. */
    enum Verdict {
        WORKS,
        /** It does nothing and reports a failure. */
        FAILS,
        /** It does its work and reports a failure all the same. */
        FAILS_AFTERWARDS
    }

    /** Judges each call by its number, from 1, and its name. */
    @FunctionalInterface
    interface Fault {
        Verdict judge(int number, String call);
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private interface Action {
        void run() throws IOException;
    }

    static final Fault NONE = (number, call) -> Verdict.WORKS;

    private final Disk real = new LocalDisk();
    private final PageCache cache = new PageCache();
    private final List<String> calls = new ArrayList<>();
    private Fault fault = NONE;
    private boolean hardLinks = true;
    private @Nullable Long usableBytes;

    synchronized void failBy(Fault next) {
        fault = next;
        calls.clear();
    }

    /** The power goes: see {@link PageCache}. Nobody has a file open any more. */
    void powerCut() throws IOException {
        cache.powerCut();
    }

    /** As on a stick with FAT. */
    synchronized void withoutHardLinks() {
        hardLinks = false;
    }

    /** What the volume says it has, or the truth. */
    synchronized void say(@Nullable Long bytes) {
        usableBytes = bytes;
    }

    /** Names of the calls since the last {@link #failBy}. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    private synchronized Verdict judge(String call) {
        calls.add(call);
        return fault.judge(calls.size(), call);
    }

    private <T> T gate(String call, Call<T> work) throws IOException {
        Verdict verdict = judge(call);
        if (verdict == Verdict.FAILS) {
            throw new IOException(call + " fails for the test");
        }
        T result = work.run();
        if (verdict == Verdict.FAILS_AFTERWARDS) {
            if (result instanceof DataFile file) {
                file.close();
            }
            throw new IOException(call + " fails for the test after it worked");
        }
        return result;
    }

    private void gateAction(String call, Action work) throws IOException {
        gate(call, () -> {
            work.run();
            return true;
        });
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        Verdict verdict = judge("commit");
        if (verdict == Verdict.FAILS) {
            throw new SQLException("commit fails for the test");
        }
        connection.commit();
        if (verdict == Verdict.FAILS_AFTERWARDS) {
            throw new SQLException("commit fails for the test after it worked");
        }
    }

    @Override
    public DataFile create(Path file) throws IOException {
        return new TestFile(file, gate("create", () -> {
            DataFile created = real.create(file);
            cache.created(file);
            return created;
        }));
    }

    @Override
    public DataFile open(Path file) throws IOException {
        return new TestFile(file, gate("open", () -> real.open(file)));
    }

    @Override
    public void link(Path name, Path file) throws IOException {
        gateAction("link", () -> {
            if (!hardLinks && !real.exists(name)) {
                throw new IOException("Operation not permitted");
            }
            real.link(name, file);
            cache.linked(name, file);
        });
    }

    @Override
    public void replace(Path target, Path file) throws IOException {
        gateAction("replace", () -> {
            boolean replaced = real.exists(target);
            real.replace(target, file);
            cache.moved(target, file, replaced);
        });
    }

    @Override
    public boolean delete(Path file) throws IOException {
        return gate("delete", () -> {
            boolean deleted = real.delete(file);
            cache.deleted(file);
            return deleted;
        });
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        gateAction("syncFolder", () -> {
            real.syncFolder(folder);
            cache.synced(folder);
        });
    }

    @Override
    public OptionalLong size(Path file) throws IOException {
        return gate("size", () -> real.size(file));
    }

    @Override
    public boolean exists(Path file) {
        return real.exists(file);
    }

    @Override
    public boolean isSame(Path one, Path other) throws IOException {
        return gate("isSame", () -> real.isSame(one, other));
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
        return gate("list", () -> real.list(folder));
    }

    @Override
    public synchronized long usableBytes(Path folder) throws IOException {
        return usableBytes != null ? usableBytes : real.usableBytes(folder);
    }

    private final class TestFile implements DataFile {
        private final Path path;
        private final DataFile file;

        TestFile(Path path, DataFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            Verdict verdict = judge("write");
            cache.writing(path, file, position, bytes.remaining());
            if (verdict != Verdict.WORKS) {
                // The worst a write can do: half of it.
                ByteBuffer half = bytes.duplicate();
                half.limit(half.position() + half.remaining() / 2);
                file.write(verdict == Verdict.FAILS ? half : bytes, position);
                throw new IOException("write fails for the test");
            }
            file.write(bytes, position);
        }

        @Override
        public void read(ByteBuffer bytes, long position) throws IOException {
            gateAction("read", () -> file.read(bytes, position));
        }

        @Override
        public void force() throws IOException {
            gateAction("force", () -> {
                file.force();
                cache.forced(path, file.size());
            });
        }

        @Override
        public void truncate(long bytes) throws IOException {
            gateAction("truncate", () -> {
                file.truncate(bytes);
                cache.truncated(path, bytes);
            });
        }

        @Override
        public long size() throws IOException {
            return gate("fileSize", file::size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
