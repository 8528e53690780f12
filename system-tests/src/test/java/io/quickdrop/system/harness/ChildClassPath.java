package io.quickdrop.system.harness;

import java.io.File;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The class path of the tests, for processes that run one program of this project as its users have it. */
public final class ChildClassPath {
    private ChildClassPath() {}

    /**
     * All of it but one module, which the program does not know and whose settings would stand beside its own.
     *
     * @param module name of its folder and of its jar
     */
    public static String without(String module) {
        Pattern own = Pattern.compile(".*[/\\\\]" + Pattern.quote(module)
                + "([/\\\\]target[/\\\\](classes[/\\\\]?|[^/\\\\]*\\.jar)|[^/\\\\]*\\.jar)");
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> !own.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
