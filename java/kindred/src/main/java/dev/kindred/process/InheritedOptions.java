// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.util.List;

/**
 * Which of a JVM's options its children get: all but those that two processes cannot share, and those that a child is
 * given anew.
 */
final class InheritedOptions {

    /** Ports that are taken, agents that would run twice, files that two JVMs would write over each other. */
    private static final List<String> OF_ONE_PROCESS = List.of(
            "-agentlib:", "-agentpath:", "-javaagent:", "-Xdebug", "-Xrunjdwp", "-Xrun",
            "-Dcom.sun.management", "-Djava.rmi.server.hostname", "-XX:+ManagementServer",
            "-XX:StartFlightRecording", "-XX:FlightRecorderOptions", "-XX:+FlightRecorder",
            "-Xloggc", "-XX:LogFile", "-XX:+LogVMOutput", "-XX:+LogCompilation",
            "-XX:HeapDumpPath", "-XX:ErrorFile", "-XX:ReplayDataFile", "-XX:VMLogFile",
            "-XX:ArchiveClassesAtExit", "-XX:DumpLoadedClassList", "-XX:+AutoCreateSharedArchive", "-Xshare:dump",
            "-XX:AOTCacheOutput", "-XX:AOTConfiguration", "-XX:AOTMode=record", "-XX:AOTMode=create",
            "-XX:CRaCCheckpointTo", "-Dkindred.crash=");

    /** What {@link ThisJvm} sets for every child. */
    private static final List<String> SET_ANEW = List.of(
            "-Djava.class.path=", "--class-path", "-Dkindred.library=", "--module-path", "--upgrade-module-path",
            "-Djdk.module.path=", "-Djdk.module.main=", "-Djdk.module.main.class=", "-Djdk.module.upgrade.path=");

    private static final List<String> HEAP_SIZES = List.of(
            "-Xmx", "-Xms", "-Xmn", "-XX:MaxHeapSize", "-XX:InitialHeapSize", "-XX:MinHeapSize", "-XX:SoftMaxHeapSize",
            "-XX:MaxRAM", "-XX:InitialRAM", "-XX:MinRAM", "-XX:NewSize", "-XX:MaxNewSize", "-XX:OldSize");

    private static final List<String> STANDARD_OUTPUTS = List.of("", "stdout", "stderr");

    private InheritedOptions() {}

    /** {@return those of a JVM's options that its children get} */
    static List<String> of(List<String> options) {
        return options.stream()
                .filter(option -> !startsWithAny(option, OF_ONE_PROCESS))
                .filter(option -> !startsWithAny(option, SET_ANEW))
                .filter(option -> !logsToFile(option))
                .toList();
    }

    /** {@return the options without those that set the size of the heap} */
    static List<String> withoutHeapSizes(List<String> options) {
        return options.stream().filter(option -> !startsWithAny(option, HEAP_SIZES)).toList();
    }

    /** {@return the options without those that choose a garbage collector} */
    static List<String> withoutCollector(List<String> options) {
        return options.stream().filter(option -> !choosesCollector(option)).toList();
    }

    static boolean choosesCollector(String option) {
        return option.startsWith("-XX:+Use") && option.endsWith("GC");
    }

    /**
     * The second part of {@code -Xlog:what:output:decorators} says where the log goes; without one that is standard
     * output.
     */
    private static boolean logsToFile(String option) {
        String[] parts = option.split(":", 4);
        return parts[0].equals("-Xlog") && parts.length > 2 && !STANDARD_OUTPUTS.contains(parts[2]);
    }

    private static boolean startsWithAny(String option, List<String> prefixes) {
        return prefixes.stream().anyMatch(option::startsWith);
    }
}
