// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

import dev.kindred.tests.support.Delays;

/** Runs a main class in a JVM that may have few descriptors, as may the JVMs that it starts. */
final class LimitedJvm {

    /** What the main class prints at its end, so that one that ended early is not taken for one that found nothing wrong. */
    static final String ALL_RIGHT = "all as it should be";

    /** How many descriptors it may have. */
    static final int DESCRIPTORS = 96;

    private LimitedJvm() {}

    /**
     * Runs it to its end, which must be a good one.
     *
     * @param folder    an empty folder
     * @param main      whose main method
     * @param arguments what it gets
     * @return what it and its children printed
     */
    static String run(Path folder, Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-Dkindred.spares=0", "-cp", classPath(folder), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.endsWith(ALL_RIGHT + "\n"), output);
        return output;
    }

    /** In the JVM: opens all jars of the class path, which is else done as each is needed. */
    static void openClassPath() {
        assertNull(ClassLoader.getSystemResource("there/is/no/such.thing"));
    }

    /**
     * {@return this JVM's class path with jars in place of folders} What lies in a folder can be loaded only while there is a descriptor for its
     * file.
     */
    private static String classPath(Path folder) {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (new File(entry).isDirectory()) {
                Path jar = folder.resolve(entries.size() + ".jar");
                ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
                assertEquals(0, tool.run(System.out, System.err, "--create", "--no-compress", "--file", jar.toString(), "-C", entry, "."));
                entries.add(jar.toString());
            } else {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }
}
