// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** Holds the library to its floors: a package uses only those below it. */
final class FloorsTest {

    /** From the top down. */
    private static final List<String> FLOORS = List.of(
            "dev.kindred.process",
            "dev.kindred.channel",
            "dev.kindred.memory",
            "dev.kindred.sync",
            "dev.kindred",
            "dev.kindred.internal.inheritance",
            "dev.kindred.internal.ring",
            "dev.kindred.internal.space",
            "dev.kindred.internal.domain",
            "dev.kindred.internal.sync",
            "dev.kindred.internal.poll",
            "dev.kindred.internal.words",
            "dev.kindred.internal.crash",
            "dev.kindred.internal.codec",
            "dev.kindred.internal.os");

    private static final String ROOT = "dev.kindred";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // Nor as the children have them.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(ROOT);

    /**
     * Class files of a version the reader does not know would be left out without a word, and the other tests pass over
     * nothing.
     */
    @Test
    void readsTheClassFilesOfThisRelease() {
        assertTrue(CLASSES.contain("dev.kindred.SystemCallException"), "only these were read: " + CLASSES);
        assertTrue(CLASSES.contain("dev.kindred.internal.os.Native"), "only these were read: " + CLASSES);
    }

    @Test
    void everyPackageStandsOnAFloor() {
        final TreeSet<String> homeless = new TreeSet<>();
        for (final JavaClass type : CLASSES) {
            if (!FLOORS.contains(type.getPackageName())) {
                homeless.add(type.getPackageName());
            }
        }
        assertTrue(homeless.isEmpty(), "packages without a place among the floors: " + homeless);
    }

    @Test
    void eachFloorUsesOnlyThoseBelowIt() {
        assertNone("uses of a higher floor", (from, to) ->
                FLOORS.indexOf(to.getPackageName()) < FLOORS.indexOf(from.getPackageName()) && !isSharedException(to));
    }

    /** What all floors may use must itself stand on nothing but plain data, or the floors would have a way around. */
    @Test
    void sharedExceptionsUsePlainDataOnly() {
        assertNone("exceptions and records of " + ROOT + " that use more than each other", (from, to) ->
                isPlain(from) && !isPlain(to));
    }

    @Test
    void packagesFormNoCycle() {
        SlicesRuleDefinition.slices().matching("dev.kindred.(**)").should().beFreeOfCycles()
                .allowEmptyShould(true).check(CLASSES);
    }

    /** The library runs on the JDK alone. */
    @Test
    void usesNothingButTheJdk() {
        final TreeSet<String> foreign = new TreeSet<>();
        for (final JavaClass type : CLASSES) {
            for (final Dependency dependency : type.getDirectDependenciesFromSelf()) {
                final String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
                final boolean known = target.isEmpty() || target.startsWith("java.") || target.startsWith("javax.")
                        || target.startsWith("jdk.") || target.startsWith("com.sun.management")
                        || target.equals("org.jspecify.annotations") || target.equals(ROOT)
                        || target.startsWith(ROOT + ".");
                if (!known) {
                    foreign.add(dependency.getDescription());
                }
            }
        }
        assertTrue(foreign.isEmpty(), "uses of foreign code:\n" + String.join("\n", foreign));
    }

    /** The unchecked and checked exceptions of the root package may be thrown on every floor. */
    private static boolean isSharedException(final JavaClass type) {
        return type.getPackageName().equals(ROOT) && type.isAssignableTo(Throwable.class);
    }

    private static boolean isPlain(final JavaClass type) {
        return isSharedException(type) || type.getPackageName().equals(ROOT) && type.isRecord();
    }

    private static void assertNone(final String what, final BiPredicate<JavaClass, JavaClass> forbidden) {
        final TreeSet<String> found = new TreeSet<>();
        for (final JavaClass from : CLASSES) {
            for (final Dependency dependency : from.getDirectDependenciesFromSelf()) {
                final JavaClass to = dependency.getTargetClass().getBaseComponentType();
                if (FLOORS.contains(to.getPackageName()) && forbidden.test(from, to)) {
                    found.add(dependency.getDescription());
                }
            }
        }
        assertEquals("", String.join("\n", found), what);
    }
}
