package io.quickdrop.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The least that keeping bytes costs: as many threads as uploaders write 64 KiB at a time into a file each and force it
 * each MiB. Runs in a process of its own; says {@code ready}, waits for a line, works, and says {@code done}.
 */
final class PlainWriter {
    private static final int WRITE_BYTES = 64 * 1024;
    private static final int FORCE_BYTES = 1024 * 1024;

    private PlainWriter() {}

    /** Arguments: folder, number of files, bytes a file. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        int files = Integer.parseInt(arguments[1]);
        long bytes = Long.parseLong(arguments[2]);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            Path file = folder.resolve("plain-" + i);
            threads.add(new Thread(() -> write(file, bytes), file.toString()));
        }
        long start = System.nanoTime();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("done " + (System.nanoTime() - start));
        System.out.flush();
        System.in.read(); // stays, so that its CPU time can be read
    }

    private static void write(Path file, long bytes) {
        byte[] noise = new byte[WRITE_BYTES];
        new Random(1).nextBytes(noise);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long written = 0; written < bytes; written += WRITE_BYTES) {
                ByteBuffer buffer = ByteBuffer.wrap(noise);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                if ((written + WRITE_BYTES) % FORCE_BYTES == 0) {
                    channel.force(false);
                }
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
