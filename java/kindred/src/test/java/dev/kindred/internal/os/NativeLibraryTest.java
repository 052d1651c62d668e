// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kindred.UnsupportedPlatformException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library is found, extracted once, and loaded, or one line says why not. */
class NativeLibraryTest {

    private static final int RACERS = 10;

    @TempDir
    Path temporary;

    @Test
    void tenProcessesAtOnceExtractOneFile() throws IOException, InterruptedException {
        List<Process> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            racers.add(start(List.of(), "-Dkindred.cache=" + temporary.resolve("cache")));
        }
        Set<String> outputs = new HashSet<>();
        for (Process racer : racers) {
            outputs.add(outputOf(racer));
        }
        assertEquals(1, outputs.size(), outputs.toString());
        List<Path> files;
        try (Stream<Path> list = Files.list(temporary.resolve("cache"))) {
            files = list.toList();
        }
        assertEquals(1, files.size(), files.toString());
        assertEquals(files.getFirst() + " true", outputs.iterator().next());
    }

    @Test
    void damagedFileIsReplaced() throws IOException, InterruptedException {
        String cache = "-Dkindred.cache=" + temporary.resolve("cache");
        Path file = Path.of(outputOf(start(List.of(), cache)).split(" ")[0]);
        byte[] content = Files.readAllBytes(file);
        byte[] damaged = content.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(file, damaged);
        assertEquals(file + " true", outputOf(start(List.of(), cache)));
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    @Test
    void fileCanBeNamed() throws IOException, InterruptedException {
        Path library = Files.copy(Path.of(NativeLibrary.path()), temporary.resolve("mine.so"));
        Path cache = temporary.resolve("cache");
        assertEquals(library + " true", outputOf(start(List.of(), "-Dkindred.library=" + library, "-Dkindred.cache=" + cache)));
        assertTrue(Files.notExists(cache));
    }

    @Test
    void namedFileMustBeALibrary() throws IOException, InterruptedException {
        Path library = Files.writeString(temporary.resolve("text.so"), "no library");
        String output = outputOf(start(List.of(), "-Dkindred.library=" + library));
        assertTrue(
                output.contains(UnsupportedPlatformException.class.getName() + ": the native library of Kindred cannot be loaded: "
                        + library),
                output);
        assertTrue(output.endsWith("; it was named by -Dkindred.library"), output);
    }

    @Test
    void folderWithoutRightToExecuteIsNamed() throws IOException, InterruptedException {
        String mount = "mount -t tmpfs -o noexec kindred-test " + temporary;
        assumeTrue(
                new ProcessBuilder("unshare", "--mount", "sh", "-c", mount).start().waitFor() == 0,
                "mounting a file system needs root");
        String output = outputOf(start(
                List.of("unshare", "--mount", "sh", "-c", mount + " && exec \"$@\"", "sh"),
                "-Dkindred.cache=" + temporary.resolve("cache")));
        assertTrue(
                output.contains("programs may not be run from the file system of " + temporary.resolve("cache")
                        + " (noexec): set -Dkindred.cache=FOLDER to a folder from which they may, or -Dkindred.library=FILE"),
                output);
    }

    @Test
    void otherPlatformsAreNamed() {
        assertEquals(
                "Kindred runs on Linux, on x86_64 and aarch64, and this is Mac OS X 15.1 on aarch64",
                assertThrows(UnsupportedPlatformException.class, () -> NativeLibrary.platform("Mac OS X", "aarch64", "15.1"))
                        .getMessage());
        assertThrows(UnsupportedPlatformException.class, () -> NativeLibrary.platform("Linux", "riscv64", "6.1"));
        assertEquals("linux-aarch64", NativeLibrary.platform("Linux", "aarch64", "6.1"));
    }

    @Test
    void oldKernelsAndSandboxesAreToldApart() {
        assertEquals(
                "Kindred needs Linux 5.16 or later, and this is Linux 5.15.0-91-generic: futex_waitv fails with ENOSYS",
                NativeLibrary.missing("futex_waitv", "ENOSYS", "5.15.0-91-generic"));
        for (String kernel : List.of("5.16", "6.1.0-17-amd64", "10.0-rc1")) {
            assertTrue(NativeLibrary.missing("futex_waitv", "EPERM", kernel)
                    .startsWith("Kindred cannot work in this sandbox: futex_waitv, which Linux " + kernel + " has, fails with EPERM"));
        }
    }

    @Test
    void wantOfDescriptorsIsNotTakenForASandbox() {
        assertEquals(
                "Kindred cannot be loaded now: socketpair(AF_UNIX) fails with EMFILE, because this process has as many descriptors open as it"
                        + " may; close some, or raise the limit (ulimit -n)",
                NativeLibrary.missing("socketpair(AF_UNIX)", "EMFILE", "6.1"));
    }

    /** Starts {@link LoadsLibrary} in a JVM of its own. */
    private static Process start(List<String> launcher, String... options) throws IOException {
        String base = System.getProperty("basedir", ".");
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp", Path.of(base, "target", "classes") + ":" + Path.of(base, "target", "test-classes"), LoadsLibrary.class.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String outputOf(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
