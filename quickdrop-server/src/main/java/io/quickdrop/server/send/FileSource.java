package io.quickdrop.server.send;

import io.quickdrop.relay.driver.client.UploadClient;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** The bytes of a file, at any offset. Safe on any thread. */
final class FileSource implements UploadClient.Source, AutoCloseable {
    private final FileToSend file;
    private final FileChannel channel;

    FileSource(FileToSend file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file.path(), StandardOpenOption.READ);
    }

    /** As long as nobody changes the file, which its owner looks at. */
    @Override
    public boolean isRereadable() {
        return true;
    }

    @Override
    public ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException(file.name() + " ends at " + (offset + bytes.position()) + " bytes and had "
                        + file.bytes() + " when it was opened");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
