// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.kindred.UnsupportedPlatformException;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a kernel does not have or a container's seccomp profile takes away is one clear line, every time, or done without. */
final class SandboxTest {

    /** Forbids a call by its number and with an error, then runs a command: what a container's runtime does. */
    private static final String FORBID = """
            import ctypes, os, struct, sys
            number, error = int(sys.argv[1]), int(sys.argv[2])
            instructions = ctypes.create_string_buffer(
                    struct.pack('HBBI', 0x20, 0, 0, 0)                      # load the number of the call
                    + struct.pack('HBBI', 0x15, 0, 1, number)               # if it is the one,
                    + struct.pack('HBBI', 0x06, 0, 0, 0x00050000 | error)   # fail with the error,
                    + struct.pack('HBBI', 0x06, 0, 0, 0x7fff0000))          # else go on
            program = ctypes.create_string_buffer(struct.pack('HxxxxxxP', 4, ctypes.addressof(instructions)))
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
                sys.exit(77)
            os.execv(sys.argv[3], sys.argv[3:])
            """;

    /** What the script ends with where filters cannot be set. */
    private static final int NO_FILTERS = 77;

    private static final int ENOSYS = 38;
    private static final int EPERM = 1;

    private static final int CLOSE_RANGE = 436;

    private static List<String> outputWithout(int number, int error) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("python3", "-c", FORBID, Integer.toString(number), Integer.toString(error),
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-Dkindred.spares=0", "-cp",
                    System.getProperty("java.class.path"), Program.class.getName()).redirectErrorStream(true).start();
        } catch (IOException missing) {
            return abort("there is no python3 here: " + missing.getMessage());
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        assumeTrue(process.exitValue() != NO_FILTERS, "no filter can be set here");
        assertEquals(0, process.exitValue(), output);
        return output.lines().toList();
    }

    /** Numbers that are the same on all machines: those of calls that came late. */
    @ParameterizedTest
    @CsvSource({"449, futex_waitv", "434, pidfd_open", "424, pidfd_send_signal"})
    void whatAProfileTakesAwayIsNamed(int number, String call) throws Exception {
        List<String> lines = outputWithout(number, EPERM);
        String line = "Kindred cannot work in this sandbox: " + call + ", which Linux " + System.getProperty("os.version")
                + " has, fails with EPERM; let the seccomp profile of the container allow it";
        assertEquals(3, lines.size(), lines::toString);
        for (String each : lines) {
            assertTrue(each.startsWith(line), each);
        }
    }

    /** Without it, a child's descriptors are closed one by one. */
    @Test
    void whatCanBeDoneWithoutIsDoneWithout() throws Exception {
        for (int error : new int[] {ENOSYS, EPERM}) {
            assertEquals(List.of("value 1", "lock free", "child 0, value 2"), outputWithout(CLOSE_RANGE, error));
        }
    }

    /** Uses memory, a lock and a child, and says of each how it went. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            attempt(() -> "value " + Value.ofInt(1).getInt());
            attempt(() -> "lock " + (new Lock().locked() ? "locked" : "free"));
            attempt(() -> {
                Value value = Value.ofInt(1);
                try (ChildProcess child = ChildProcess.builder().maxHeap(16 << 20).start(() -> value.setInt(2))) {
                    child.join();
                    return "child " + child.exitCode().orElseThrow() + ", value " + value.getInt();
                }
            });
        }

        private interface Attempt {
            String run() throws Exception;
        }

        private static void attempt(Attempt attempt) {
            try {
                System.out.println(attempt.run());
            } catch (UnsupportedPlatformException refusal) {
                System.out.println(refusal.getMessage());
            } catch (Exception other) {
                System.out.println("not as it should be: " + other);
            }
        }
    }
}
