// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.kindred.Space;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Limit;
import dev.kindred.tests.support.TestJvm;
import org.junit.jupiter.api.Test;

/** What takes up addresses until it is collected does not keep others from them: a process opens and closes spaces as often as it likes. */
final class AddressLimitTest {

    /** For the mappings of five named spaces, of 72 GiB each, beside what a JVM has. */
    private static final long GIBIBYTES_MORE = 5 * 73;

    private static final int ROUNDS = 30;

    @Test
    @Limit(seconds = 60)
    void aSpaceIsOpenedMoreOftenThanThereAreAddressesFor() {
        try (TestJvm jvm = TestJvm.start(Opener.class, "kindred-address-limit-" + ProcessHandle.current().pid())) {
            assertEquals("done", jvm.nextLine());
            assertEquals(0, jvm.exitStatus());
        }
    }

    static final class Opener {

        private Opener() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            // Once without a limit, so that nothing but mappings of spaces is made under it.
            open(arguments[0]);
            limitAddresses();
            for (int round = 0; round < ROUNDS; round++) {
                open(arguments[0]);
            }
            TestJvm.say("done");
        }

        private static void open(String name) {
            try (Space space = Space.open(name)) {
                Lock lock = Lock.open(space, "lock");
                lock.lock();
                lock.unlock();
            }
        }

        private static void limitAddresses() throws IOException, InterruptedException {
            long pages = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[0]);
            long limit = pages * 4096 + (GIBIBYTES_MORE << 30);
            String pid = Long.toString(ProcessHandle.current().pid());
            assertEquals(0, new ProcessBuilder("prlimit", "--pid", pid, "--as=" + limit).inheritIO().start().waitFor());
        }
    }
}
