package io.quickdrop.media;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom in the child. */
final class RoomsTest {
    private static final String MEDIA = "io.quickdrop.media";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(MEDIA);

    @Test
    void whatAParentMustKnowKnowsNoFfmpeg() {
        noClasses()
                .that()
                .resideInAPackage(MEDIA + ".order..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", MEDIA + ".container..", MEDIA + ".picture..")
                .check(CLASSES);
    }

    @Test
    void nothingOfTheRestOfTheProjectIsKnownAndNothingOpensASocket() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quickdrop.protocol..", "io.quickdrop.relay..", "io.quickdrop.server..", "java.net..")
                .check(CLASSES);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(MEDIA + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
