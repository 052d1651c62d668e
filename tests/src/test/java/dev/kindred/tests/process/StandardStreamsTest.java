// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.Spares;
import dev.kindred.process.TaskNotSerializableException;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Processes;
import dev.kindred.tests.support.TestJvm;
import java.io.File;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a child's standard streams come from and go to. */
final class StandardStreamsTest {

    @TempDir
    Path folder;

    @Test
    void getsAnEmptyInput() throws Exception {
        assertEquals("-1", Children.output(() -> System.out.println(System.in.read())));
    }

    @Test
    void talksOverPipes() throws Exception {
        ChildProcessBuilder piped =
                Children.small().stdin(Redirect.PIPE).stdout(Redirect.PIPE).stderr(Redirect.PIPE);
        try (ChildProcess child = piped.start(() -> {
            System.out.println(new String(System.in.readAllBytes(), StandardCharsets.UTF_8).toUpperCase());
            System.err.println("done");
        })) {
            child.stdin().write("text".getBytes(StandardCharsets.UTF_8));
            child.stdin().close();
            assertEquals("TEXT", Children.text(child.stdout()));
            assertEquals("done", Children.text(child.stderr()));
            assertEquals(0, Children.exitCode(child));
        }
    }

    @Test
    void hasNoPipesUnlessAsked() throws Exception {
        try (ChildProcess child = Children.small().start(() -> {})) {
            IllegalStateException refusal = assertThrows(IllegalStateException.class, child::stdout);
            assertTrue(refusal.getMessage().contains("stdout(Redirect.PIPE)"), refusal::getMessage);
            assertThrows(IllegalStateException.class, child::stdin);
            assertThrows(IllegalStateException.class, child::stderr);
            Children.exitCode(child);
        }
    }

    @Test
    void readsAndWritesFiles() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "from a file");
        Path out = Files.writeString(folder.resolve("out"), "this is going to be cut, though it is longer");
        Path log = Files.writeString(folder.resolve("log"), "first\n");
        for (int i = 0; i < 2; i++) {
            try (ChildProcess child = Children.small()
                    .stdin(Redirect.from(in.toFile()))
                    .stdout(Redirect.to(out.toFile()))
                    .stderr(Redirect.appendTo(log.toFile()))
                    .start(() -> {
                        System.out.write(System.in.readAllBytes());
                        System.err.println("another");
                    })) {
                assertEquals(0, Children.exitCode(child));
            }
        }
        assertEquals("from a file", Files.readString(out));
        assertEquals("first\nanother\nanother\n", Files.readString(log));
    }

    @Test
    void saysWhichFileCannotBeOpened() {
        File missing = folder.resolve("missing/file").toFile();
        UncheckedIOException refusal = assertThrows(UncheckedIOException.class,
                () -> Children.small().stdout(Redirect.to(missing)).start(() -> {}));
        assertTrue(refusal.getMessage().contains(missing.getPath()) && refusal.getMessage().contains("ENOENT"),
                refusal::getMessage);
    }

    @Test
    void reachASpareToo() throws Exception {
        Children.small().prepareSpares(1);
        Eventually.holds("a spare waits", () -> Spares.waiting() == 1);
        assertEquals("spare's", Children.output(() -> System.out.println("spare's")));
    }

    @Test
    void areClosedAgainIfTheStartFails() {
        ChildProcessBuilder piped = Children.small().stdin(Redirect.PIPE).stdout(Redirect.PIPE).stderr(Redirect.PIPE);
        Thread uncapturable = Thread.currentThread();
        long before = pipes();
        for (int i = 0; i < 10; i++) {
            assertThrows(TaskNotSerializableException.class, () -> piped.start(() -> uncapturable.interrupt()));
        }
        assertEquals(before, pipes());
    }

    private static long pipes() {
        return Processes.descriptors(ProcessHandle.current().pid()).values().stream().filter(target -> target.startsWith("pipe:")).count();
    }

    /** What a child prints must not get between what the test runner and its test JVM say to each other. */
    @Test
    void doesNotDisturbTheTestRunner() throws Exception {
        try (ChildProcess child = Children.small()
                .start(() -> System.out.println("a line of a child, on the output it inherited"))) {
            assertEquals(0, Children.exitCode(child));
        }
    }

    /** Nobody reads what it writes any more. */
    @Test
    void areBrokenWithoutHarm() throws Exception {
        try (ChildProcess child = Children.small().stdin(Redirect.PIPE).stdout(Redirect.PIPE).stderr(Redirect.PIPE).start(() -> {
            int end = System.in.read();
            for (int i = 0; i < 10_000; i++) {
                System.out.println("a line that nobody reads " + end);
                System.err.println("another");
            }
            System.exit(System.out.checkError() && System.err.checkError() ? 5 : 6);
        })) {
            child.stdout().close();
            child.stderr().close();
            child.stdin().close();
            assertEquals(5, Children.exitCode(child));
        }
    }

    /** A parent whose standard output and error are closed. */
    static final class ParentWithoutOutput {
        private ParentWithoutOutput() {}

        static void main(String[] arguments) throws Exception {
            try (ChildProcess child = Children.small().start(() -> {
                System.out.println("nobody reads this");
                System.exit(System.out.checkError() ? 3 : 4);
            })) {
                child.join();
                Files.writeString(Path.of(arguments[0]), "exit code " + child.exitCode().orElseThrow());
            }
        }
    }

    @Test
    void startsThoughTheParentsOutputIsClosed() throws Exception {
        Path result = folder.resolve("result");
        Process shell = new ProcessBuilder("sh", "-c", "exec \"$@\" >&- 2>&- <&-", "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), ParentWithoutOutput.class.getName(), result.toString()).start();
        assertEquals(0, shell.waitFor());
        // What the child prints goes nowhere and is no error.
        assertEquals("exit code 4", Files.readString(result));
    }

    /** A parent that starts a child with inherited streams. */
    static final class ParentWithOutput {
        private ParentWithOutput() {}

        static void main(String[] arguments) throws Exception {
            try (ChildProcess child = Children.small().stdin(Redirect.INHERIT)
                    .start(() -> TestJvm.say("child heard " + TestJvm.hear()))) {
                child.join();
            }
        }
    }

    @Test
    void areTheParentsOwnIfInherited() {
        try (TestJvm parent = TestJvm.start(List.of(), Map.of(), ParentWithOutput.class)) {
            parent.send("hello");
            assertEquals("child heard hello", parent.nextLine());
            assertEquals(0, parent.exitStatus());
        }
    }
}
