// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.kindred.OwnerDiedException;
import dev.kindred.SystemCallException;
import dev.kindred.channel.Descriptor;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.space.Space;
import dev.kindred.memory.RawValue;
import dev.kindred.memory.ShareableList;
import dev.kindred.memory.SharedMemory;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;
import dev.kindred.process.Spares;
import dev.kindred.process.StartMethod;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Eventually;
import dev.kindred.tests.support.Leftovers;
import dev.kindred.tests.support.Limit;
import dev.kindred.tests.support.Processes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that has all the descriptors it may have gets exceptions that say so, loses nothing by them, and goes on when there is room again.
 * Of everything that takes descriptors, each step is once the one that finds none left.
 */
final class DescriptorLimitTest {

    /** More descriptors than any single action takes. */
    private static final int PLENTY = 24;

    @TempDir
    Path folder;

    @Test
    @Limit(seconds = 180)
    void everyStepThatFindsNoDescriptorLeftFailsCleanly() throws Exception {
        LimitedJvm.run(folder, AtTheLimit.class, folder.toString());
    }

    /** It is a child that has no room here: the parent sees an exit code, and the child says why. */
    @Test
    void aChildThatCannotTakeWhatItIsGivenSaysSo() throws Exception {
        String output = LimitedJvm.run(folder, ParentOfPoor.class);
        assertTrue(output.contains("recvmsg(") && output.contains("EMFILE"), output);
    }

    /** Starts a child from a spare whose limit was lowered to what it has open. */
    static final class ParentOfPoor {

        private ParentOfPoor() {}

        public static void main(String[] arguments) throws Exception {
            spares().prepareSpares(1);
            long spare = Eventually.becomes("the spare has come up", () -> Processes.ofThisRun().stream()
                    .filter(entry -> entry.parentPid() == ProcessHandle.current().pid()).findFirst().orElseThrow(),
                    entry -> isWaiting(entry.pid())).pid();
            int open = Processes.descriptors(spare).size();
            assertEquals(0, new ProcessBuilder("prlimit", "--pid", Long.toString(spare), "--nofile=" + open).inheritIO().start().waitFor());
            List<Descriptor> given = Stream.generate(() -> Descriptor.of(0)).limit(10).toList();
            try (ChildProcess child = spares().start(() -> given.getFirst().number())) {
                assertEquals(spare, child.pid());
                assertTrue(child.join(Delays.LONG));
                assertEquals(1, child.exitCode().orElseThrow());
            }
            given.forEach(Descriptor::close);
            run(small());
            System.out.println(LimitedJvm.ALL_RIGHT);
        }

        /** {@return whether the main thread of a spare waits for its task: all that it opens before is open} */
        private static boolean isWaiting(long pid) {
            try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
                return tasks.anyMatch(task -> contentOf(task.resolve("comm")).equals("java")
                        && contentOf(task.resolve("wchan")).contains("unix_stream"));
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        private static String contentOf(Path file) {
            try {
                return Files.readString(file).strip();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }

    /** Something that takes descriptors, and gives back what it took. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** All descriptors that this process may have, but for a few. */
    private static final class Hoard implements AutoCloseable {

        private final Deque<Integer> all = new ArrayDeque<>();

        Hoard(int left) {
            while (true) {
                try {
                    all.push(Descriptors.duplicate(0));
                } catch (SystemCallException none) {
                    assertEquals(Errno.EMFILE, none.errno());
                    break;
                }
            }
            for (int i = 0; i < left; i++) {
                Descriptors.close(all.pop());
            }
        }

        @Override
        public void close() {
            all.forEach(Descriptors::close);
        }
    }

    /** Does everything again and again, with one more descriptor each time, until there are enough. */
    static final class AtTheLimit {

        private AtTheLimit() {}

        public static void main(String[] arguments) throws Exception {
            LimitedJvm.openClassPath();
            Path folder = Path.of(arguments[0]);
            String name = "kindred-limit-" + ProcessHandle.current().pid();
            Descriptor shared = Descriptor.of(0);
            SharedMemory memory = SharedMemory.anonymous(8);
            check("anonymous memory", 1, () -> SharedMemory.anonymous(8).close());
            check("named memory", 1, () -> createAndUnlink(name));
            check("a list", 1, () -> {
                try (ShareableList list = ShareableList.create(name, List.of(1, "two"))) {
                    list.unlink();
                }
            });
            SharedMemory.create(name, 8).close();
            check("opening memory", 1, () -> SharedMemory.open(name).close());
            check("opening memory for reading", 1, () -> SharedMemory.openReadOnly(name).close());
            check("opening or creating memory", 1, () -> SharedMemory.createOrOpen(name, 8).close());
            SharedMemory.unlink(name);
            check("a descriptor", 1, () -> Descriptor.of(0).close());
            check("a stream of a descriptor", 1, () -> shared.toInputStream().close());
            check("objects of the space", 0, DescriptorLimitTest::useTheSpace);
            check("a child", 1, () -> run(small()));
            check("a child that gets descriptors", 3, () -> pass(shared, memory));
            check("a child with pipes", 6, DescriptorLimitTest::talk);
            check("a child that writes to a file", 2, () -> run(small().stdout(Redirect.to(folder.resolve("out").toFile()))));
            check("a spare", 1, () -> {
                spares().prepareSpares(1);
                run(spares());
            });
            recoverWithoutDescriptors();
            System.out.println(LimitedJvm.ALL_RIGHT);
        }
    }

    static ChildProcessBuilder small() {
        return spares().method(StartMethod.SPAWN);
    }

    static ChildProcessBuilder spares() {
        return ChildProcess.builder().maxHeap(16 << 20).jvmOptions("-XX:TieredStopAtLevel=1");
    }

    private static void check(String what, int least, Action action) throws Exception {
        // What is opened once for the life of a JVM is opened now.
        action.run();
        settle();
        Map<Integer, String> before = Processes.descriptors(ProcessHandle.current().pid());
        int needed = 0;
        while (!succeeds(what, needed, action)) {
            settle();
            assertNothingNew(what + ", " + needed + " left", before);
            needed++;
            assertTrue(needed < PLENTY, what + " fails though " + needed + " descriptors are left");
        }
        assertTrue(needed >= least, what + " needed only " + needed);
        settle();
        assertNothingNew(what, before);
    }

    private static void assertNothingNew(String when, Map<Integer, String> before) {
        Map<Integer, String> more = new TreeMap<>(Processes.descriptors(ProcessHandle.current().pid()));
        more.entrySet().removeAll(before.entrySet());
        more.values().removeIf(Leftovers::opensOnce);
        assertEquals(Map.of(), more, when);
    }

    private static boolean succeeds(String what, int left, Action action) throws Exception {
        try (Hoard hoard = new Hoard(left)) {
            assertTrue(hoard.all.size() > 0);
            action.run();
            return true;
        } catch (SystemCallException | UncheckedIOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("EMFILE"), () -> what + ", " + left + " left: " + e);
            return false;
        }
    }

    /** Waits until all is over that ends a moment after the call that ended it. */
    static void settle() {
        Spares.dismiss();
        Eventually.holds("no child is left", () -> Processes.ofThisRun().stream()
                .noneMatch(entry -> entry.parentPid() == ProcessHandle.current().pid()));
        Eventually.holds("only this process is left of the family", () -> Space.current().domain().liveCount() == 1);
    }

    private static void createAndUnlink(String name) {
        try (SharedMemory memory = SharedMemory.create(name, 100_000)) {
            memory.unlink();
        } finally {
            assertTrue(Files.notExists(Path.of("/dev/shm", name)));
        }
    }

    private static void useTheSpace() {
        Value value = Value.ofInt(1);
        value.getAndAdd(1);
        RawValue raw = RawValue.ofLong(5);
        Lock lock = new Lock();
        lock.lock();
        assertEquals(7, raw.getLong() + value.getLong());
        lock.unlock();
    }

    static void run(ChildProcessBuilder builder) throws InterruptedException {
        try (ChildProcess child = builder.start(() -> {})) {
            assertTrue(child.join(Delays.LONG));
            assertEquals(0, child.exitCode().orElseThrow());
        }
    }

    private static void pass(Descriptor shared, SharedMemory memory) throws InterruptedException {
        memory.segment().set(ValueLayout.JAVA_LONG, 0, 0);
        try (ChildProcess child = small().start(() -> {
            shared.toInputStream().close();
            memory.segment().set(ValueLayout.JAVA_LONG, 0, 1);
        })) {
            assertTrue(child.join(Delays.LONG));
            assertEquals(0, child.exitCode().orElseThrow());
            assertEquals(1, memory.segment().get(ValueLayout.JAVA_LONG, 0));
        }
    }

    /** A death is noticed and a lock recovered without any; what is left to be tidied up waits until there are some. */
    private static void recoverWithoutDescriptors() throws InterruptedException {
        Lock lock = new Lock();
        try (ChildProcess child = small().start(() -> {
            lock.lock();
            Thread.currentThread().join();
        })) {
            Eventually.holds("the child holds the lock", lock::locked);
            try (Hoard hoard = new Hoard(0)) {
                assertTrue(hoard.all.size() > 0);
                child.kill();
                assertThrows(OwnerDiedException.class, lock::lock);
                assertTrue(lock.recover());
                lock.unlock();
                assertTrue(child.join(Delays.LONG));
            }
        }
        settle();
    }

    private static void talk() throws Exception {
        try (ChildProcess child = small().stdin(Redirect.PIPE).stdout(Redirect.PIPE).stderr(Redirect.PIPE)
                .start(() -> System.out.write(System.in.readAllBytes()))) {
            child.stdin().write('x');
            child.stdin().close();
            try (InputStream output = child.stdout()) {
                assertEquals("x", new String(output.readAllBytes(), StandardCharsets.UTF_8));
            }
            assertTrue(child.join(Delays.LONG));
        }
    }
}
