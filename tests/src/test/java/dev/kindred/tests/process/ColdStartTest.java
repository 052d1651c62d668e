// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.memory.RawValue;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.StartMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child without a spare must not do before its task runs, because it takes long in a new JVM. */
final class ColdStartTest {

    private static void note(RawValue value) {
        value.setLong(1);
    }

    @Test
    void makesNoCodeAndReadsNoJavaSerialization(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("classes");
        RawValue value = RawValue.ofLong(0);
        // Without a cache, which might hold what would be made here.
        try (ChildProcess child = ChildProcess.builder().method(StartMethod.SPAWN)
                .jvmOptions("-XX:AOTMode=off", "-Xlog:class+load:file=" + log).start(ColdStartTest::note, value)) {
            assertEquals(0, Children.exitCode(child));
        }
        assertEquals(1, value.getLong());
        List<String> loaded = Files.readAllLines(log).stream().map(line -> line.replaceFirst("^(\\[[^]]*])+ ", "")).toList();
        assertTrue(loaded.stream().anyMatch(line -> line.startsWith("dev.kindred.process.ChildMain ")), loaded::toString);
        assertEquals(List.of(), loaded.stream().filter(ColdStartTest::isSlow).toList());
    }

    private static boolean isSlow(String loaded) {
        boolean isTheTask = loaded.startsWith(ColdStartTest.class.getName());
        return loaded.startsWith("java.io.ObjectInputStream ")
                || (loaded.startsWith("dev.kindred.") && loaded.contains("$$Lambda") && !isTheTask);
    }
}
