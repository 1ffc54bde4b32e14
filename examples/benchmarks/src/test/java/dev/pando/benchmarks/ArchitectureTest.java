package dev.pando.benchmarks;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the one direction of ARCHITECTURE.md over the classes of all modules. */
class ArchitectureTest {

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.pando");
    }

    /** Benchmarks reach into every module: they measure single parts beside the whole. */
    @Test
    void modulesDependInOneDirection() {
        check(layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("ipld")
                .definedBy("dev.pando.ipld..")
                .layer("libp2p")
                .definedBy("dev.pando.libp2p..")
                .layer("core")
                .definedBy(
                        "dev.pando",
                        "dev.pando.crdt..",
                        "dev.pando.dag..",
                        "dev.pando.store..",
                        "dev.pando.collection..",
                        "dev.pando.replication..",
                        "dev.pando.engine..")
                .layer("simulation")
                .definedBy("dev.pando.simulation..")
                .layer("sql")
                .definedBy("dev.pando.sql..")
                .layer("jdbc")
                .definedBy("dev.pando.jdbc..")
                .layer("examples")
                .definedBy("dev.pando.benchmarks..")
                .whereLayer("examples")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("jdbc")
                .mayOnlyBeAccessedByLayers("examples")
                .whereLayer("sql")
                .mayOnlyBeAccessedByLayers("jdbc")
                .whereLayer("simulation")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("core")
                .mayOnlyBeAccessedByLayers("sql", "jdbc", "simulation", "examples")
                .whereLayer("libp2p")
                .mayOnlyBeAccessedByLayers("core", "sql", "jdbc", "simulation", "examples"));
    }

    @Test
    void roomsOfTheCoreDependInOneDirection() {
        check(layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("crdt and dag")
                .definedBy("dev.pando.crdt..", "dev.pando.dag..")
                .layer("store")
                .definedBy("dev.pando.store..")
                .layer("collection")
                .definedBy("dev.pando.collection..")
                .layer("replication")
                .definedBy("dev.pando.replication..")
                .layer("engine")
                .definedBy("dev.pando.engine..")
                .whereLayer("collection")
                .mayOnlyBeAccessedByLayers("engine")
                .whereLayer("replication")
                .mayOnlyBeAccessedByLayers("engine")
                .whereLayer("store")
                .mayOnlyBeAccessedByLayers("engine"));
    }

    @Test
    void libraryTypesStayInTheirRooms() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.pando.libp2p..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.pando.sql..", "dev.pando.jdbc..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.calcite.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.pando.adapter..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.."));
    }

    @Test
    void sqlSeesOnlyThePublicApiOfTheCore() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.pando.sql..", "dev.pando.jdbc..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "dev.pando.crdt..",
                        "dev.pando.dag..",
                        "dev.pando.store..",
                        "dev.pando.collection..",
                        "dev.pando.replication..",
                        "dev.pando.engine..")));
    }

    /** Simulated disks are left out: their faults come from a random generator that is made of a seed. */
    @Test
    void theCoreReadsNoClockAndNoRandomnessItself() {
        var core = noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.pando.crdt..",
                        "dev.pando.dag..",
                        "dev.pando.store..",
                        "dev.pando.collection..",
                        "dev.pando.replication..",
                        "dev.pando.engine..")
                .and()
                .resideOutsideOfPackage("dev.pando.store.testing..")
                .and()
                .haveNameNotMatching("dev\\.pando\\.engine\\.System.*");
        check(core.should().callMethod(System.class, "currentTimeMillis"));
        check(core.should().callMethod(System.class, "nanoTime"));
        check(core.should().callMethod(java.time.Instant.class, "now"));
        check(core.should().callMethod(java.util.UUID.class, "randomUUID"));
        check(core.should().dependOnClassesThat().areAssignableTo(java.util.Random.class));
    }

    private static void check(ArchRule rule) {
        rule.check(classes);
    }
}
