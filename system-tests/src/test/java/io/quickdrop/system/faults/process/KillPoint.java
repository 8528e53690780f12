package io.quickdrop.system.faults.process;

import io.quickdrop.system.faults.trial.CallGate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A place in the server's work where its process stops, to be killed exactly there: {@code before 3 link} is where the
 * third link since the start of the process is about to be made, {@code after 3 link} is where it is made and the server
 * does not know it yet.
 *
 * @param after whether the call has done its work
 * @param number counts calls of that name, from 1
 * @param call a method of {@code Disk}, {@code file.} and one of {@code DataFile}, or {@code commit}
 */
record KillPoint(boolean after, int number, String call) {
    /** Reads what {@link #toString} wrote. */
    static KillPoint parse(String text) {
        String[] words = text.split(" ", -1);
        return new KillPoint(words[0].equals("after"), Integer.parseInt(words[1]), words[2]);
    }

    @Override
    public String toString() {
        return (after ? "after " : "before ") + number + " " + call;
    }

    /** Stops every thread that gets there, once {@code reached} tells that one did. */
    CallGate.Guard stopping(Path reached) {
        AtomicInteger count = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        return new CallGate.Guard() {
            @Override
            public void before(String name) {
                if (name.equals(call) && count.incrementAndGet() == number && !after) {
                    stop();
                }
            }

            @Override
            public void after(String name) {
                if (after && name.equals(call) && count.get() == number) {
                    stop();
                }
            }

            private void stop() {
                try {
                    Path whole = Files.writeString(reached.resolveSibling(reached.getFileName() + ".new"), "reached");
                    Files.move(whole, reached, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                while (true) {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        // only the kill ends this
                    }
                }
            }
        };
    }
}
