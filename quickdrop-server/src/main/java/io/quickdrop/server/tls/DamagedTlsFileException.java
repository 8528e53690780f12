package io.quickdrop.server.tls;

import java.io.IOException;
import java.nio.file.Path;

/** A kept key or certificate can't be used; the message is one sentence that names the file and says what to do. */
public final class DamagedTlsFileException extends IOException {
    DamagedTlsFileException(Path file, String found, String remedy, Throwable cause) {
        super(file + " " + found + ": " + remedy, cause);
    }
}
