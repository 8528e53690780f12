package io.quickdrop.system.faults.process;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A take's journal file as the killed browser left it, read by the rules that {@code shared/journal/frames.js} states,
 * without its code.
 *
 * @param whole the recording's bytes that were written whole
 * @param tornBytes what lies behind them
 */
record JournalFile(byte[] whole, int tornBytes) {
    private static final int FRAMES_START = 8192;
    private static final int HEADER_BYTES = 32;
    private static final int MAGIC = 0x51444631;

    static JournalFile read(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int at = FRAMES_START;
        while (at + HEADER_BYTES <= file.length) {
            int length = bytes.getInt(at + 4);
            boolean header = bytes.getInt(at) == MAGIC
                    && bytes.getLong(at + 8) == whole.size()
                    && bytes.getInt(at + 28) == crc(file, at, HEADER_BYTES - 4);
            if (!header
                    || at + HEADER_BYTES + length > file.length
                    || bytes.getInt(at + 24) != crc(file, at + HEADER_BYTES, length)) {
                break;
            }
            whole.write(file, at + HEADER_BYTES, length);
            at += HEADER_BYTES + length;
        }
        return new JournalFile(whole.toByteArray(), Math.max(0, file.length - at));
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
