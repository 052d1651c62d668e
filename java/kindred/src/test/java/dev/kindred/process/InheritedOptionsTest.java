// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which options of a JVM its children get. */
final class InheritedOptionsTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "-Xmx1g", "-Xss2m", "-ea", "-Dkey=value", "--add-opens=java.base/java.lang=ALL-UNNAMED", "--enable-preview",
                "-XX:+UseZGC",
        "-Xlog:disable", "-Xlog:gc", "-Xlog:gc*:stderr:time", "-Xlog:all=error:stdout",
        "-XX:+HeapDumpOnOutOfMemoryError", "-Xshare:auto",
        "-XX:AOTCache=app.aot", "-XX:SharedArchiveFile=app.jsa", "-Djava.library.path=/lib",
        "--patch-module=m=classes"})
    void keepsWhatTwoProcessesCanShare(String option) {
        assertEquals(List.of(option), InheritedOptions.of(List.of(option)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "-agentlib:jdwp=transport=dt_socket,server=y,address=5005", "-agentpath:/lib/agent.so", "-javaagent:agent.jar",
                "-Xdebug",
        "-Xrunjdwp:server=y", "-Dcom.sun.management.jmxremote.port=9010", "-XX:StartFlightRecording=filename=app.jfr",
        "-XX:FlightRecorderOptions=stackdepth=128", "-Xloggc:gc.log", "-Xlog:gc:gc.log", "-Xlog:gc*:file=gc.log:time",
        "-XX:LogFile=vm.log",
        "-XX:HeapDumpPath=/dumps", "-XX:ErrorFile=hs_err.log", "-XX:AOTCacheOutput=app.aot", "-XX:AOTMode=record",
        "-XX:ArchiveClassesAtExit=app.jsa", "-Dkindred.crash=MUTEX_FREED:1:KILL"})
    void dropsWhatTwoProcessesCannotShare(String option) {
        assertEquals(List.of(), InheritedOptions.of(List.of(option)));
    }

    /** Paths and the library's place are given to every child anew. */
    @ParameterizedTest
    @ValueSource(strings = {"--module-path=mods", "-Djava.class.path=x", "-Dkindred.library=/tmp/l.so",
            "--upgrade-module-path=mods"})
    void dropsWhatEveryChildIsGivenAnew(String option) {
        assertEquals(List.of(), InheritedOptions.of(List.of(option)));
    }

    @Test
    void dropsTheSizesOfTheHeapWhenAskedTo() {
        List<String> options = List.of("-Xms1g", "-Xmx8g", "-Xmn1g", "-XX:MaxRAMPercentage=75", "-XX:NewSize=1m",
                "-Xss1m", "-XX:MaxMetaspaceSize=1g");
        assertEquals(List.of("-Xss1m", "-XX:MaxMetaspaceSize=1g"), InheritedOptions.withoutHeapSizes(options));
    }

    @Test
    void knowsCollectorsFromOtherOptions() {
        assertEquals(List.of("-XX:+UseStringDeduplication", "-XX:-UseG1GC"),
                InheritedOptions.withoutCollector(List.of("-XX:+UseG1GC", "-XX:+UseStringDeduplication",
                "-XX:-UseG1GC", "-XX:+UseShenandoahGC")));
    }
}
