package io.quickdrop.server.pages;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page and everything that it may ever load: found by following its own references, so that no list can be forgotten.
 * Browsers keep such a set as a whole, to open the page while the server is away; parts of two versions never meet.
 *
 * @param version hash of all contents
 * @param etags of each part, by its path on the server
 */
record PageSet(String version, SortedMap<String, String> etags) {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    /** What pages, styles and scripts refer to: an absolute part, or a script beside them. */
    private static final Pattern REFERENCE =
            Pattern.compile("[\"'(](/assets/[\\w./-]+\\.[a-z0-9]+|\\.{1,2}/[\\w./-]+\\.js)[\"')]");

    private static final Pattern REFERS = Pattern.compile("\\.(html|css|js|webmanifest)$");

    private static final String ASSETS = "/assets/";

    /** A part as the server serves it. */
    record Part(ByteBuffer body, String etag) {}

    /**
     * Follows the references.
     *
     * @param page path of the page on the server
     * @param pageFile the same as a part: {@code /assets/…}
     * @param worker a part that keeps the set, and is none of it
     * @param load the part at a path {@code /assets/…}
     */
    static PageSet of(String page, String pageFile, String worker, Function<String, Part> load) {
        SortedMap<String, String> found = closure(pageFile, load);
        SortedMap<String, String> workers = closure(worker, load);
        String version = hash(found + "\n" + workers);
        found.put(page, found.remove(pageFile));
        return new PageSet(version, found);
    }

    private static SortedMap<String, String> closure(String first, Function<String, Part> load) {
        SortedMap<String, String> etags = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>();
        open.add(first);
        while (!open.isEmpty()) {
            String path = open.remove();
            if (etags.containsKey(path)) {
                continue;
            }
            Part part = load.apply(path);
            etags.put(path, part.etag);
            if (!REFERS.matcher(path).find()) {
                continue;
            }
            Matcher reference = REFERENCE.matcher(StandardCharsets.UTF_8.decode(part.body.duplicate()));
            while (reference.find()) {
                open.add(resolve(path, reference.group(1)));
            }
        }
        return etags;
    }

    private static String resolve(String from, String reference) {
        if (reference.startsWith(ASSETS)) {
            return reference;
        }
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : (from.substring(1, from.lastIndexOf('/')) + "/" + reference).split("/", -1)) {
            if (segment.equals("..")) {
                segments.removeLast();
            } else if (!segment.equals(".")) {
                segments.add(segment);
            }
        }
        return "/" + String.join("/", segments);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The service worker's script: changes whenever anything of the set does, which is how browsers notice. */
    byte[] script(String worker) {
        String set = GSON.toJson(Map.of("version", version, "etags", etags));
        return ("import { keep } from \"" + worker + "\";\nkeep(self, " + set + ");\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
