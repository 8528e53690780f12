package io.quickdrop.system.faults.mutants;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources are. */
final class Project {
    private Project() {}

    /** The folder with all modules: Maven runs tests in their own module's. */
    static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        Path project = Files.isDirectory(here.resolve("system-tests")) ? here : here.getParent();
        if (project == null || !Files.isDirectory(project.resolve("system-tests"))) {
            throw new AssertionError("mutants are made of the project's sources, which are not around " + here);
        }
        return project;
    }
}
