package io.quickdrop.system.faults.mutants;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The project with one file changed: of Java the changed classes before all others, of pages a changed copy. */
final class MutantBuild {
    private static final String WEB = "src/main/resources/web";
    private static final String WEB_TESTS = "src/test/web";
    private static final Pattern NOT_OK = Pattern.compile("(?m)^\\s*not ok \\d+ - (.*)$");
    private static final Pattern REASON = Pattern.compile("(?m)^\\s*error: (?:\\|-\\s*\\n)?(.*)$");
    private static final Pattern PASSED = Pattern.compile("(?m)^# pass (\\d+)$");

    private MutantBuild() {}

    /** The class path of a trial; servers that it starts inherit it. */
    static String classPath(Optional<Mutant> mutant, Path folder) throws IOException {
        String all = System.getProperty("java.class.path");
        if (mutant.isEmpty()) {
            return all;
        }
        Path classes = Files.createDirectories(folder.resolve("classes"));
        compile(mutant.get(), classes);
        return classes + File.pathSeparator + all;
    }

    private static void compile(Mutant mutant, Path classes) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(
                ToolProvider.getSystemJavaCompiler(), "mutants need a JDK: this Java runtime has no compiler");
        StringWriter complaints = new StringWriter();
        List<String> options = List.of(
                "--release",
                "17",
                "-proc:none",
                "-nowarn",
                "-parameters",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString());
        Source source = new Source(mutant);
        boolean compiled = compiler.getTask(complaints, null, null, options, null, List.of(source))
                .call();
        if (!compiled) {
            throw new AssertionError("the mutant '" + mutant.protection() + "' does not compile:\n" + complaints);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(Mutant mutant) throws IOException {
            super(URI.create("mutant:///" + mutant.source().file().getFileName()), Kind.SOURCE);
            text = mutant.mutated();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Node's test runner in a copy of the pages and their tests. */
    static ProcessBuilder pageTests(Trial trial, Optional<Mutant> mutant, Path folder) throws IOException {
        Path server = Project.folder().resolve("quickdrop-server");
        copy(server.resolve(WEB), folder.resolve(WEB));
        copy(server.resolve(WEB_TESTS), folder.resolve(WEB_TESTS));
        if (mutant.isPresent()) {
            Files.writeString(
                    folder.resolve(mutant.get().source().path()), mutant.get().mutated());
        }
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=tap"));
        trial.tests()
                .forEach(test ->
                        command.add(folder.resolve(WEB_TESTS).resolve(test).toString()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("NO_COLOR", "1");
        builder.environment().remove("NODE_TEST_CONTEXT");
        return builder;
    }

    /** The first failure, else how many passed; empty if nothing ran. */
    static String pageVerdict(Path output) throws IOException {
        String report = Files.readString(output);
        Matcher notOk = NOT_OK.matcher(report);
        if (notOk.find()) {
            Matcher reason = REASON.matcher(report);
            return notOk.group(1)
                    + (reason.find(notOk.end()) ? ": " + reason.group(1).strip() : "");
        }
        Matcher passed = PASSED.matcher(report);
        return passed.find() && !passed.group(1).equals("0") ? passed.group(1) + " passed" : "";
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Path target = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
