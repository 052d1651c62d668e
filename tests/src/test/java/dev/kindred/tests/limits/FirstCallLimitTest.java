// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.limits;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.kindred.SystemCallException;
import dev.kindred.UnsupportedPlatformException;
import dev.kindred.channel.Descriptor;
import dev.kindred.memory.SharedMemory;
import dev.kindred.memory.Value;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Leftovers;
import dev.kindred.tests.support.Limit;
import dev.kindred.tests.support.Processes;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * As {@link DescriptorLimitTest}, of a process's first call, which finds the library, founds the family and starts what runs for the life of
 * the JVM: that it failed once must not be for good.
 */
final class FirstCallLimitTest {

    private static final int PLENTY = 24;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"SharedMemory", "Value", "Lock", "Descriptor", "Spares", "ChildProcess"})
    @Limit(seconds = 120)
    void everyStepThatFindsNoDescriptorLeftFailsCleanly(String first) throws Exception {
        LimitedJvm.run(folder, FirstCall.class, first, "nothing");
    }

    /** The library is there already, so that the first step to fail is one of those by which a family is founded. */
    @ParameterizedTest
    @ValueSource(strings = {"Value", "Spares", "ChildProcess"})
    @Limit(seconds = 120)
    void everyStepOfFoundingAFamilyFailsCleanly(String first) throws Exception {
        LimitedJvm.run(folder, FirstCall.class, first, "library");
    }

    /** Makes its first call without a descriptor, then again with one, with two, until it succeeds. */
    static final class FirstCall {

        private FirstCall() {}

        public static void main(String[] arguments) throws Exception {
            LimitedJvm.openClassPath();
            DescriptorLimitTest.Action first = action(arguments[0]);
            if (arguments[1].equals("library")) {
                SharedMemory.anonymous(1).close();
            }
            int failures = 0;
            while (!succeeds(failures, first)) {
                failures++;
                assertTrue(failures < PLENTY, "fails though " + failures + " descriptors are left");
            }
            assertTrue(failures > 0);
            first.run();
            DescriptorLimitTest.settle();
            List<String> kinds = new ArrayList<>(Processes.descriptors(ProcessHandle.current().pid()).values());
            kinds.removeIf(Leftovers::opensOnce);
            for (String kind : List.of("/memfd:kindred (deleted)", "anon_inode:[eventpoll]", "anon_inode:[eventfd]")) {
                assertTrue(Collections.frequency(kinds, kind) <= 1, "after " + failures + " failures: " + kinds);
            }
            System.out.println(LimitedJvm.ALL_RIGHT);
        }

        private static DescriptorLimitTest.Action action(String first) {
            return switch (first) {
                case "SharedMemory" -> () -> SharedMemory.anonymous(8).close();
                case "Value" -> () -> Value.ofInt(1).setInt(2);
                case "Lock" -> () -> new Lock().lock();
                case "Descriptor" -> () -> Descriptor.of(0).close();
                case "Spares" -> () -> DescriptorLimitTest.spares().prepareSpares(1);
                default -> () -> DescriptorLimitTest.run(DescriptorLimitTest.small());
            };
        }

        private static boolean succeeds(int left, DescriptorLimitTest.Action first) throws Exception {
            List<FileInputStream> hoard = hoard();
            for (int i = 0; i < left; i++) {
                hoard.removeLast().close();
            }
            try {
                first.run();
                return true;
            } catch (SystemCallException | UnsupportedPlatformException e) {
                String message = String.valueOf(e.getMessage());
                assertTrue(message.contains("EMFILE") || message.contains("Too many open files"), message);
                return false;
            } finally {
                for (FileInputStream each : hoard) {
                    each.close();
                }
            }
        }

        /** {@return all descriptors that this process may have} By the JDK alone: nothing of Kindred has been called yet. */
        private static List<FileInputStream> hoard() {
            List<FileInputStream> hoard = new ArrayList<>();
            try {
                while (hoard.size() < LimitedJvm.DESCRIPTORS) {
                    hoard.add(new FileInputStream("/dev/null"));
                }
            } catch (FileNotFoundException none) {
                assertTrue(String.valueOf(none.getMessage()).contains("Too many open files"), none.getMessage());
                return hoard;
            }
            throw new AssertionError("this JVM may have more than " + LimitedJvm.DESCRIPTORS + " descriptors");
        }
    }
}
