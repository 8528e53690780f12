package io.quickdrop.system.cluster;

import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.driver.agent.CommandJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes down what an agent does with commands, beside the agent's own journal and independently of it: a file that outlives
 * the process, one line each. The last line may be cut off by the kill.
 *
 * <p>Safe on any thread.
 */
final class Witness implements CommandJournal, AutoCloseable {
    private final CommandJournal journal;
    private final FileChannel file;

    /** What it wrote. */
    record Line(String what, String about) {}

    /** Continues the file. */
    Witness(Path path, CommandJournal journal) {
        this.journal = journal;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A screenshot of a monitor is really being taken. */
    void screenshot(int monitor) {
        note("ran", Integer.toString(monitor));
    }

    @Override
    public List<Entry> read() throws IOException {
        return journal.read();
    }

    @Override
    public void began(String commandId, String commandType) throws IOException {
        journal.began(commandId, commandType);
        note("began", commandId); // behind it: a kill in between must not look like a command that began twice
    }

    @Override
    public void done(CommandResult result) throws IOException {
        journal.done(result);
        note("done", result.commandId());
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What processes of an agent wrote so far. */
    static List<Line> lines(Path path) {
        try {
            return Files.readString(path, StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" ", 2))
                    .filter(words -> words.length == 2)
                    .map(words -> new Line(words[0], words[1]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One write for a line: a kill leaves the whole of it or nothing, since the system takes it at once. */
    private void note(String what, String about) {
        try {
            ByteBuffer line = ByteBuffer.wrap((what + " " + about + "\n").getBytes(StandardCharsets.UTF_8));
            synchronized (file) {
                while (line.hasRemaining()) {
                    file.write(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
