package io.quickdrop.relay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may know whom, and that the machines are pure. */
class RelayCoreRulesTest {
    private static final String RELAY = "io.quickdrop.relay.";

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.quickdrop.relay");

    /** Packages that bring a clock, I/O, threads, chance or a logger with them. */
    private static final String[] IMPURE = {
        "java.io..",
        "java.net..",
        "java.nio.file..",
        "java.nio.channels..",
        "java.util.concurrent..",
        "java.util.logging..",
        "java.util.random..",
        "java.security..",
        "io.quickdrop.relay.driver.."
    };

    private static final Set<String> CLOCKS_AND_CHANCE = Set.of(
            "java.lang.System",
            "java.lang.Thread",
            "java.lang.Runtime",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.System$Logger",
            "java.util.Random",
            "java.util.UUID",
            "java.util.Timer",
            "java.time.Clock",
            "java.time.InstantSource",
            "java.time.LocalDateTime",
            "java.time.ZonedDateTime");

    /**
     * The rooms, and which others each knows. Drivers know machines, never the other way; an end of a connection never knows
     * the other end.
     */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("link", Set.of()),
            Map.entry("upload", Set.of()),
            Map.entry("desktop.meter", Set.of()),
            Map.entry("desktop.registration", Set.of()),
            Map.entry("desktop", Set.of("desktop.meter")),
            Map.entry("desktop.command", Set.of("desktop")),
            Map.entry("desktop.agent", Set.of("desktop", "desktop.meter")),
            Map.entry("driver.threads", Set.of()),
            Map.entry("driver", Set.of("driver.threads", "link", "upload")),
            Map.entry("driver.command", Set.of("desktop.command", "driver", "driver.threads")),
            Map.entry("driver.client", Set.of("driver", "driver.threads", "link", "upload")),
            Map.entry(
                    "driver.agent",
                    Set.of("desktop", "desktop.agent", "driver", "driver.client", "driver.threads", "link")),
            Map.entry("desktop.pull", Set.of("desktop", "link")),
            Map.entry("driver.pull", Set.of("desktop.pull", "driver", "driver.client", "driver.threads")),
            Map.entry(
                    "driver.desktop",
                    Set.of(
                            "desktop",
                            "desktop.command",
                            "desktop.pull",
                            "desktop.registration",
                            "driver",
                            "driver.command",
                            "driver.pull",
                            "driver.threads",
                            "link")));

    @Test
    void relayCoreKnowsOnlyTheProtocol() {
        assertThat(CODE.containPackage("io.quickdrop.relay.upload")).isTrue();
        assertThat(CODE.containPackage("io.quickdrop.relay.driver")).isTrue();
        // Commands carry an object of the asker's, which the protocol hands on as Gson read it.
        knowsOnly("io.quickdrop.relay..", "io.quickdrop.protocol..", "com.google.gson")
                .check(CODE);
    }

    @Test
    void theMachinesAreInThePureRooms() {
        assertThat(CODE.containPackage("io.quickdrop.relay.link")).isTrue();
        noImpurePackages("io.quickdrop.relay.link..", "io.quickdrop.relay.upload..", "io.quickdrop.relay.desktop..")
                .check(CODE);
        noClocksNorChance("io.quickdrop.relay.link..", "io.quickdrop.relay.upload..", "io.quickdrop.relay.desktop..")
                .check(CODE);
        neverAsksForTheTime("io.quickdrop.relay.link..", "io.quickdrop.relay.upload..", "io.quickdrop.relay.desktop..")
                .check(CODE);
    }

    @Test
    void theLinkDoesNotKnowTheProtocol() {
        noClasses()
                .that()
                .resideInAPackage("io.quickdrop.relay.link..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.quickdrop.protocol..")
                .check(CODE);
    }

    @Test
    void everyRoomKnowsOnlyTheRoomsOfTheTable() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (JavaClass type : CODE) {
            Set<String> known = found.computeIfAbsent(room(type), key -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                if (target.getPackageName().startsWith(RELAY) && !room(target).equals(room(type))) {
                    known.add(room(target));
                }
            }
        }

        // Neither more nor less: what a room no longer knows, it must not learn again unnoticed.
        assertThat(found).isEqualTo(MAY_KNOW);
    }

    @Test
    void theRoomsHaveNoCycles() {
        slices().matching("io.quickdrop.relay.(*)..").should().beFreeOfCycles().check(CODE);
        slices().matching("io.quickdrop.relay.(**)").should().beFreeOfCycles().check(CODE);
    }

    @Test
    void whoDialsKnowsNothingOfTheServerButWhatAConnectionIs() {
        onlyAConnectionOfTheDriver("io.quickdrop.relay.driver.client", "io.quickdrop.relay.driver.agent")
                .check(CODE);
    }

    @Test
    void theRulesBite() {
        assertThatThrownBy(() -> knowsOnly("io.quickdrop.relay..").check(CODE)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> noImpurePackages("io.quickdrop.relay.driver..").check(CODE))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> onlyAConnectionOfTheDriver("io.quickdrop.relay.driver.desktop")
                        .check(CODE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("driver.Peer");
        JavaClasses impure = new ClassFileImporter().importClasses(Impure.class);
        assertThatThrownBy(() -> noClocksNorChance("io.quickdrop.relay").check(impure))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("java.util.Random")
                .hasMessageContaining("java.lang.System");
        assertThatThrownBy(() -> neverAsksForTheTime("io.quickdrop.relay").check(impure))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Instant.now");
    }

    /** What a machine must not do. */
    static final class Impure {
        private final Random random = new Random(System.nanoTime());

        long roll() {
            return random.nextLong() + java.time.Instant.now().toEpochMilli();
        }
    }

    private static String room(JavaClass type) {
        return type.getPackageName().substring(RELAY.length());
    }

    private static ArchRule onlyAConnectionOfTheDriver(String... rooms) {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of the server's end",
                        type -> type.getPackageName().equals("io.quickdrop.relay.driver")
                                && !type.getSimpleName().equals("Connection")));
    }

    private static ArchRule knowsOnly(String... ours) {
        String[] allowed = java.util.stream.Stream.concat(
                        java.util.Arrays.stream(ours), java.util.stream.Stream.of("java..", "org.jspecify.annotations"))
                .toArray(String[]::new);
        return classes().should().onlyDependOnClassesThat().resideInAnyPackage(allowed);
    }

    private static ArchRule noImpurePackages(String... rooms) {
        return noClasses().that().resideInAnyPackage(rooms).should().dependOnClassesThat(impure());
    }

    private static DescribedPredicate<JavaClass> impure() {
        return JavaClass.Predicates.resideInAnyPackage(IMPURE);
    }

    private static ArchRule noClocksNorChance(String... rooms) {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "bring a clock, a thread, chance or a logger",
                        type -> CLOCKS_AND_CHANCE.contains(type.getName())));
    }

    private static ArchRule neverAsksForTheTime(String... rooms) {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "asks for the time",
                        (JavaAccess<?> access) ->
                                access.getTargetOwner().getPackageName().equals("java.time")
                                        && access.getName().equals("now")));
    }
}
