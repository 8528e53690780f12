package io.quickdrop.system.faults.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One protection, switched off by one change of one source file.
 *
 * @param protection what is missing in it
 * @param source the file, from the project's folder
 * @param find text that stands exactly once in it
 * @param replacement what stands there instead
 * @param trial what must turn red
 */
record Mutant(String protection, Source source, String find, String replacement, Trial trial) {
    /** A source file of the project. */
    record Source(String module, String path) {
        /** Of a class, by its full name. */
        static Source java(String module, String className) {
            return new Source(module, "src/main/java/" + className.replace('.', '/') + ".java");
        }

        /** Of a page's module. */
        static Source page(String path) {
            return new Source("quickdrop-server", "src/main/resources/web/" + path);
        }

        boolean isPage() {
            return path.endsWith(".js");
        }

        Path file() {
            return Project.folder().resolve(module).resolve(path);
        }
    }

    /** The source as the mutant has it. */
    String mutated() throws IOException {
        String text = Files.readString(source.file());
        int first = text.indexOf(find);
        if (first < 0 || text.indexOf(find, first + 1) >= 0) {
            throw new AssertionError("the mutant no longer applies: '" + protection + "' looks for\n" + find
                    + "\nwhich stands " + (first < 0 ? "nowhere" : "more than once") + " in " + source.file());
        }
        return text.substring(0, first) + replacement + text.substring(first + find.length());
    }
}
