package io.quickdrop.server.send;

import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.UploadMessage.Description;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was when it was looked at.
 *
 * @param path absolute
 * @param bytes its length
 * @param modifiedMillis its last change, milliseconds since 1970
 */
record FileToSend(Path path, long bytes, long modifiedMillis) {
    private static final Pattern EXT = Pattern.compile("[A-Za-z0-9]{1,8}");
    private static final String UNKNOWN_MIME = "application/octet-stream";

    /**
     * Looks at a file.
     *
     * @throws SendFailure with a sentence if it is missing, no plain file, or not readable
     */
    static FileToSend look(Path named) throws SendFailure {
        Path path = named.toAbsolutePath().normalize();
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw new SendFailure(
                        named + " is a directory; name the files in it, or pack it into an archive first.");
            }
            if (!attributes.isRegularFile()) {
                throw new SendFailure(named + " is no plain file, and only plain files can be sent.");
            }
            FileChannel.open(path, StandardOpenOption.READ).close();
            return new FileToSend(
                    path, attributes.size(), attributes.lastModifiedTime().toMillis());
        } catch (IOException e) {
            throw new SendFailure(named + " can't be sent: " + words(e) + ".");
        }
    }

    /** Its last name. */
    String name() {
        return String.valueOf(path.getFileName());
    }

    /** Whether it is still as it was; a file that can't be looked at has changed. */
    boolean isUnchanged() {
        try {
            return look(path).equals(this);
        } catch (SendFailure gone) {
            return false;
        }
    }

    /**
     * What the server is told of it.
     *
     * @param label words for people; {@code null} for the file's own name
     * @param ts when the upload began, milliseconds since 1970
     */
    Description description(@Nullable String label, long ts) {
        String name = name();
        int dot = name.lastIndexOf('.');
        String ext = dot < 0 ? "" : name.substring(dot + 1);
        String words = label != null ? label : dot > 0 ? name.substring(0, dot) : name;
        int end = Math.min(words.length(), Limits.MAX_LABEL_CHARS);
        return new Description(
                mime(),
                EXT.matcher(ext).matches() ? ext.toLowerCase(Locale.ROOT) : "bin",
                words.substring(0, end),
                ts,
                bytes);
    }

    private String mime() {
        try {
            String probed = Files.probeContentType(path);
            return probed == null || probed.length() > Limits.MAX_MIME_CHARS ? UNKNOWN_MIME : probed;
        } catch (IOException e) {
            return UNKNOWN_MIME;
        }
    }

    /** What an I/O exception says, without class names. */
    static String words(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        } else if (e instanceof AccessDeniedException) {
            return "you may not read it";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
