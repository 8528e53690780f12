package io.quickdrop.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class ProtocolRulesTest {
    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.quickdrop.protocol");

    @Test
    void theProtocolKnowsOnlyGson() {
        knowsOnly("io.quickdrop.protocol..", "com.google.gson..").check(CODE);
        assertThat(CODE).hasSizeGreaterThan(20);
    }

    /** What is old may lean on what is new, and can go without being missed. */
    @Test
    void v2DoesNotKnowV1() {
        assertThat(CODE.containPackage("io.quickdrop.protocol.v1")).isTrue();
        noClasses()
                .that()
                .resideInAPackage("io.quickdrop.protocol")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.quickdrop.protocol.v1")
                .check(CODE);
    }

    @Test
    void theRuleBites() {
        assertThatThrownBy(() -> knowsOnly("io.quickdrop.protocol..").check(CODE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("com.google.gson");
    }

    private static ArchRule knowsOnly(String... packages) {
        return classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(java.util.stream.Stream.concat(
                                java.util.Arrays.stream(packages),
                                java.util.stream.Stream.of(
                                        "java.lang..",
                                        "java.util..",
                                        "java.nio",
                                        "java.nio.charset",
                                        "java.io",
                                        "java.security", // the fingerprint of a key
                                        "org.jspecify.annotations"))
                        .toArray(String[]::new));
    }
}
