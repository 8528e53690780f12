package io.quickdrop.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may know whom among the server's rooms. A room that is not in the table fails the test: say what it may know. */
final class RoomsTest {
    private static final String SERVER = "io.quickdrop.server";

    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("privatefile", Set.of()),
            Map.entry("qr", Set.of()),
            Map.entry("names", Set.of()),
            Map.entry("addresses", Set.of()),
            Map.entry("tls", Set.of("addresses", "privatefile")),
            Map.entry("access", Set.of("addresses", "privatefile")),
            Map.entry("desktops", Set.of("access")),
            Map.entry("catalogue", Set.of("access", "desktops", "privatefile")),
            Map.entry("recordings", Set.of("catalogue")),
            Map.entry("playback", Set.of("recordings")),
            Map.entry("ws", Set.of()),
            Map.entry("http", Set.of("access")),
            Map.entry("pages", Set.of("http")),
            Map.entry("observers", Set.of("access", "recordings")),
            Map.entry("connections", Set.of("access", "http", "observers", "ws")),
            Map.entry(
                    "api",
                    Set.of(
                            "access",
                            "addresses",
                            "desktops",
                            "doctor",
                            "http",
                            "observers",
                            "playback",
                            "qr",
                            "recordings",
                            "retention",
                            "tls")),
            Map.entry("send", Set.of("privatefile")),
            Map.entry("doctor", Set.of("addresses", "http")),
            Map.entry("cluster", Set.of("access", "catalogue", "privatefile")),
            Map.entry("forward", Set.of("access", "http", "recordings")),
            Map.entry("retention", Set.of("catalogue", "recordings")),
            Map.entry("uploads", Set.of("access", "http", "recordings")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(SERVER);

    @Test
    void everyRoomKnowsOnlyTheRoomsOfTheTable() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (JavaClass javaClass : CLASSES) {
            String room = room(javaClass);
            if (room.isEmpty()) {
                continue; // the root wires everything
            }
            Set<String> known = found.computeIfAbsent(room, key -> new TreeSet<>());
            for (Dependency dependency : javaClass.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                if (target.getPackageName().startsWith(SERVER) && !room(target).equals(room)) {
                    known.add(room(target));
                }
            }
        }

        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(MAY_KNOW.keySet());
        found.forEach((room, known) ->
                assertThat(MAY_KNOW.get(room)).as("room %s knows", room).containsAll(known));
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(SERVER + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheStoreKnowsSqlAndOnlyTheTransportKnowsNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVER + ".catalogue..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "org.sqlite..", "org.flywaydb..", "org.postgresql..", "com.zaxxer.hikari..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(
                        SERVER + ".access..",
                        SERVER + ".catalogue..",
                        SERVER + ".desktops..",
                        SERVER + ".recordings..",
                        SERVER + ".observers..",
                        SERVER + ".send..",
                        SERVER + ".tls..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    /** What reads foreign media runs in a child process; here only its orders and answers are known. */
    @Test
    void onlyTheRoomThatStartsTheChildKnowsItAndNobodyKnowsFfmpeg() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVER + ".playback..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.quickdrop.media..")
                .check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quickdrop.media", "io.quickdrop.media.container..", "io.quickdrop.media.picture..")
                .check(CLASSES);
    }

    private static String room(JavaClass javaClass) {
        String rest = javaClass.getPackageName().substring(SERVER.length());
        return rest.isEmpty() ? "" : rest.substring(1).split("\\.", 2)[0];
    }
}
