// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildTask;
import dev.kindred.process.TaskNotSerializableException;
import dev.kindred.sync.Lock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What travels with a task, and how it is told what cannot. */
final class CaptureTest {

    /** Can be serialized but for what it holds. */
    private static final class Holder implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        @SuppressWarnings({"serial", "UnusedVariable"}) // on purpose
        private final @Nullable Object held;

        Holder(@Nullable Object held) {
            this.held = held;
        }
    }

    private static int initialised = 1;

    private static TaskNotSerializableException refusal(ChildTask task) {
        int before = ChildProcess.active().size();
        TaskNotSerializableException refusal = assertThrows(TaskNotSerializableException.class,
                () -> ChildProcess.start(task));
        assertEquals(before, ChildProcess.active().size());
        return refusal;
    }

    @Test
    void copiesWhatIsNotShared() throws Exception {
        List<String> list = new ArrayList<>(List.of("parent's"));
        String seen = Children.output(() -> {
            list.add("child's");
            System.out.println(list);
        });
        assertEquals("[parent's, child's]", seen);
        assertEquals(List.of("parent's"), list);
    }

    @Test
    void leavesStaticFieldsBehind() throws Exception {
        initialised = 2;
        assertEquals("1", Children.output(() -> System.out.println(initialised)));
        initialised = 1;
    }

    @Test
    void sharesLocks() throws Exception {
        Lock lock = new Lock();
        lock.lock();
        assertEquals("false", Children.output(() -> System.out.println(lock.tryLock())));
        lock.unlock();
        assertEquals("true", Children.output(() -> {
            System.out.println(lock.tryLock());
            lock.unlock();
        }));
    }

    @Test
    void carriesMuch() throws Exception {
        byte[] large = new byte[8 << 20];
        large[large.length - 1] = 7;
        try (ChildProcess child = ChildProcess.builder().maxHeap(64 << 20)
                .start(() -> System.exit(large[large.length - 1]))) {
            assertEquals(7, Children.exitCode(child));
        }
    }

    @Test
    void namesTheCapturedVariableAndTheFields() {
        int number = (int) System.nanoTime();
        Holder holder = new Holder(new Socket());
        TaskNotSerializableException refusal = refusal(() -> System.out.println(number + " " + holder));
        assertEquals("task.captured[1] 'holder' -> Holder.held", refusal.path());
        assertEquals("java.net.Socket", refusal.typeName());
        assertTrue(refusal.getMessage()
                .startsWith("task.captured[1] 'holder' -> Holder.held: java.net.Socket is not serializable"),
                refusal::getMessage);
        assertTrue(refusal.getCause() instanceof NotSerializableException, () -> "cause: " + refusal.getCause());
    }

    /** Counts two words for a long, as the virtual machine does. */
    @Test
    void namesTheVariableBehindLongOnes() {
        long first = System.nanoTime();
        double second = Math.random();
        Object third = new Object();
        assertEquals("task.captured[2] 'third'", refusal(() -> System.out.println(first + second + " " + third))
                .path());
    }

    @Test
    void goesThroughCollectionsMapsAndArrays() {
        Holder holder = new Holder(Map.of("key", new Object[] {"fine", List.of(new Object())}));
        assertEquals("task.captured[0] 'holder' -> Holder.held[key][1][0]",
                refusal(() -> System.out.println(holder)).path());
    }

    @Test
    void goesThroughNestedTasks() {
        Object bad = new Object();
        ChildTask inner = () -> System.out.println(bad);
        assertEquals("task.captured[0] 'inner'.captured[0] 'bad'", refusal(() -> inner.run()).path());
    }

    @Test
    void comesToAnEndInACircle() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);
        circle.add(new Object());
        assertEquals("task.captured[0] 'circle'[1]", refusal(() -> System.out.println(circle)).path());
    }

    @Test
    void namesAnEnclosingObject() {
        ChildTask task = () -> System.out.println(this);
        assertEquals("task.captured[0] 'this'", refusal(task).path());
    }

    @Test
    void namesTheArgument() {
        TaskNotSerializableException one = assertThrows(TaskNotSerializableException.class,
                () -> ChildProcess.start(argument -> {}, new Holder(Thread.currentThread())));
        assertEquals("argument -> Holder.held", one.path());
        TaskNotSerializableException two = assertThrows(TaskNotSerializableException.class,
                () -> ChildProcess.start((first, second) -> {}, "fine", new Object()));
        assertEquals("argument[1]", two.path());
    }

    /** Refuses to be written. */
    private static final class Refusing implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        @Serial
        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new InvalidObjectException("not today");
        }
    }

    @Test
    void passesOnWhatAnObjectSaysItself() {
        Refusing refusing = new Refusing();
        TaskNotSerializableException refusal = refusal(() -> System.out.println(refusing));
        assertTrue(refusal.path().equals("task.captured[0] 'refusing'") && refusal.getMessage().contains("not today"),
                refusal::getMessage);
    }

    @Test
    void refusesClassesThatNoChildWouldFind() throws Exception {
        URL[] classPath = {Holder.class.getProtectionDomain().getCodeSource().getLocation()};
        try (URLClassLoader own = new URLClassLoader(classPath, null)) {
            Object foreign = own.loadClass(Foreign.class.getName()).getDeclaredConstructor().newInstance();
            TaskNotSerializableException refusal = refusal(() -> System.out.println(foreign));
            assertEquals("task.captured[0] 'foreign'", refusal.path());
            assertTrue(refusal.getMessage().contains("was loaded by java.net.URLClassLoader"), refusal::getMessage);
        }
    }

    /** A class for {@link #refusesClassesThatNoChildWouldFind}. */
    public static final class Foreign implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        /** For the class loader's user. */
        public Foreign() {}
    }

    /** Anywhere but in a start, what is inherited must say so. */
    @Test
    void leavesInheritableObjectsOutOfOtherStreams() throws IOException {
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            NotSerializableException refusal = assertThrows(NotSerializableException.class,
                    () -> out.writeObject(new Lock()));
            assertTrue(refusal.getMessage().contains("dev.kindred.sync.Lock")
                    && refusal.getMessage().contains("inheritance"), refusal::getMessage);
        }
    }
}
