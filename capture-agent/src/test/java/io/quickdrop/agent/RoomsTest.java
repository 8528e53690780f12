package io.quickdrop.agent;

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

/** Who may know whom among the agent's rooms. A room that is not in the table fails the test: say what it may know. */
final class RoomsTest {
    private static final String AGENT = "io.quickdrop.agent";

    private static final Map<String, Set<String>> MAY_KNOW = Map.of(
            "screens", Set.of(),
            "grab", Set.of("screens"),
            "tiles", Set.of("grab"),
            "encode", Set.of("grab", "tiles"),
            "stream", Set.of("encode", "grab", "screens", "tiles"),
            "identity", Set.of("screens"),
            "journal", Set.of("identity"),
            "link", Set.of("identity"),
            "console", Set.of("stream"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(AGENT);

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
                if (target.getPackageName().startsWith(AGENT) && !room(target).equals(room)) {
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
        slices().matching(AGENT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyGrabbingAndEncodingKnowFfmpeg() {
        noClasses()
                .that()
                .resideOutsideOfPackages(AGENT + ".grab..", AGENT + ".encode..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    private static String room(JavaClass javaClass) {
        String rest = javaClass.getPackageName().substring(AGENT.length());
        return rest.isEmpty() ? "" : rest.substring(1).split("\\.", 2)[0];
    }
}
