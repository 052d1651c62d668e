// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.internal.os.NativeLibrary;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.tests.support.TestJvm;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child's JVM has from its parent's, and what from its builder. */
final class SettingsTest {

    @TempDir
    Path folder;

    private static void printOptions() {
        System.out.println(ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    @Test
    void hasTheParentsEnvironmentWithChanges() throws Exception {
        assertEquals(System.getenv("PATH"), Children.output(() -> System.out.println(System.getenv("PATH"))));
        ChildProcessBuilder changed = Children.small().environment("KINDRED_NEW", "new").environment("PATH", null);
        assertEquals("new null", Children.output(changed,
                () -> System.out.println(System.getenv("KINDRED_NEW") + " " + System.getenv("PATH"))));
    }

    @Test
    void hasJustTheEnvironmentItIsGiven() throws Exception {
        Map<String, String> only = new TreeMap<>(Map.of("ONE", "1", "KINDRED_TEST_RUN",
                String.valueOf(System.getenv("KINDRED_TEST_RUN"))));
        assertEquals(only.toString(), Children.output(Children.small().environment(only),
                () -> System.out.println(new TreeMap<>(System.getenv()))));
    }

    @Test
    void worksInTheFolderItIsGiven() throws Exception {
        String here = Path.of("").toAbsolutePath().toString();
        assertEquals(here, Children.output(() -> System.out.println(Path.of("").toAbsolutePath())));
        assertEquals(folder.toRealPath().toString(),
                Children.output(Children.small().directory(folder),
                        () -> System.out.println(Path.of("").toRealPath())));
    }

    /** What its parent has extracted or was given; it looks at no cache and extracts nothing. */
    @Test
    void loadsTheLibraryOfItsParent() throws Exception {
        assertEquals(NativeLibrary.path(), Children.output(Children.small().jvmOptions("-Dkindred.cache=/nonexistent"),
                () -> System.out.println(NativeLibrary.path())));
    }

    @Test
    void hasTheHeapItIsGiven() throws Exception {
        // What the collector keeps for itself is not counted.
        long most = Long.parseLong(Children.output(ChildProcess.builder().maxHeap(24 << 20),
                () -> System.out.println(Runtime.getRuntime().maxMemory())));
        assertTrue(most > 20 << 20 && most <= 24 << 20, "maxMemory is " + most);
    }

    @Test
    void hasTheOptionsItIsGiven() throws Exception {
        assertEquals("a b", Children.output(Children.small().jvmOptions("-Dkindred.test.option=a b"),
                () -> System.out.println(System.getProperty("kindred.test.option"))));
    }

    /** A parent with options that its children may have, and others that they may not. */
    static final class ParentWithOptions {
        private ParentWithOptions() {}

        static void main(String[] arguments) throws Exception {
            // A grandchild's, so that they have come through two filters.
            TestJvm.say(Children.output(() -> System.out.println(Children.output(SettingsTest::printOptions))));
        }
    }

    @Test
    void inheritsTheParentsOptionsThroughGenerations() {
        List<String> given = List.of("-Dinherited=yes", "-Xss600k", "-Xmx200m",
                "-Xlog:gc:file=" + folder.resolve("gc.log"),
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0",
                "-Dcom.sun.management.jmxremote.port=0",
                "-Dcom.sun.management.jmxremote.authenticate=false", "-Dcom.sun.management.jmxremote.ssl=false",
                "-XX:HeapDumpPath=" + folder, "-Dkindred.crash=SPACE_ADOPTED:1000000:KILL");
        String last;
        try (TestJvm parent = TestJvm.start(given, Map.of("JDK_JAVA_OPTIONS", "-Dby.environment=1"),
                ParentWithOptions.class)) {
            last = parent.awaitLine("[");
            assertEquals(0, parent.exitStatus());
        }
        for (String inherited : List.of("-Dinherited=yes", "-Xss600k", "-Dby.environment=1", "-XX:+UseSerialGC")) {
            assertTrue(last.contains(inherited), inherited + " is missing in " + last);
        }
        for (String own : List.of("jdwp", "jmxremote", "gc.log", "HeapDumpPath", "-Xmx200m", "kindred.crash")) {
            assertFalse(last.contains(own), own + " is in " + last);
        }
    }
}
