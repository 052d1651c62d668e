// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.Serial;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What travels in the compact format arrives as it would by Java serialization; what cannot is left to that. */
final class CompactFormatTest {

    /** What the tasks here leave. */
    private static final List<@Nullable Object> LEFT = new ArrayList<>();

    private enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "grass";
            }
        }
    }

    private record All(boolean z, byte b, char c, short s, int i, long j, float f, double d, String text, Class<?> type,
            Colour colour, @Nullable Object nothing, Empty inner) implements Serializable {}

    private record Empty() implements Serializable {}

    private record Pair(@Nullable Object one, @Nullable Object other) implements Serializable {}

    private record Chain(@Nullable Chain next) implements Serializable {}

    private record NotSerializable(int number) {}

    private record Even(int number) implements Serializable {
        Even {
            if (number % 2 != 0) {
                throw new IllegalArgumentException(number + " is odd");
            }
        }
    }

    private record Says(String text) implements ChildTask {
        @Override
        public void run() {
            LEFT.add(text);
        }
    }

    /** Leaves its place to a record, which is protected in the class above it. */
    private static class Replaced implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        final transient String name;

        Replaced(String name) {
            this.name = name;
        }

        @Serial
        protected Object writeReplace() {
            return new Ticket(name);
        }

        private record Ticket(String name) implements Serializable {
            @Serial
            private Object readResolve() {
                return new Replaced(name + ", resolved");
            }
        }
    }

    private static final class MoreReplaced extends Replaced {
        @Serial
        private static final long serialVersionUID = 1;

        MoreReplaced(String name) {
            super(name);
        }
    }

    /** Each puts the same record in its place. */
    private static final class Shared implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        private static final Empty STANDS_FOR_ALL = new Empty();

        @Serial
        private Object writeReplace() {
            return STANDS_FOR_ALL;
        }
    }

    /** What becomes a text on its way, which fits wherever it is not expected to be what it was. */
    private static final class Impostor implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        @Serial
        private Object writeReplace() {
            return new Ticket();
        }

        private record Ticket() implements Serializable {
            @Serial
            private Object readResolve() {
                return "a text";
            }
        }
    }

    private record Trusting(@Nullable Impostor impostor) implements Serializable {}

    /** What cannot be written, and why. */
    private static final class Failing implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient Exception failure;

        Failing(Exception failure) {
            this.failure = failure;
        }

        @Serial
        @SuppressWarnings("serial") // it may not, but it can
        private Object writeReplace() throws Exception {
            throw failure;
        }
    }

    private interface HasTask {
        static ChildTask task(String text) {
            return () -> LEFT.add(text);
        }
    }

    private static ChildTask copy(ChildTask task) throws Exception {
        byte[] bytes = CompactWriter.write(task);
        assertNotNull(bytes, "it is left to serialization");
        assertTrue(CompactReader.canRead(bytes));
        return CompactReader.readTask(bytes);
    }

    /** {@return what arrives of a captured value} */
    private static @Nullable Object travel(@Nullable Serializable value) throws Exception {
        LEFT.clear();
        copy(() -> LEFT.add(value)).run();
        return LEFT.removeFirst();
    }

    private static void isLeftToSerialization(ChildTask task) throws Exception {
        assertNull(CompactWriter.write(task));
        byte[] serialized = TaskWriter.writeTask(task);
        assertFalse(CompactReader.canRead(serialized));
        assertNotNull(TaskReader.readTask(serialized));
    }

    @Test
    void carriesEveryKindOfValue() throws Exception {
        All all = new All(true, Byte.MIN_VALUE, Character.MAX_VALUE, Short.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE,
                -Float.MIN_VALUE, -0.0, "a\0b\ud800\u00e9\u4e2d", All.class, Colour.GREEN, null, new Empty());
        assertEquals(all, travel(all));
        assertSame(Colour.GREEN, travel(Colour.GREEN));
        assertSame(TimeUnit.DAYS, travel(TimeUnit.DAYS));
        assertNull(travel(null));
        for (Serializable number : new Serializable[] {false, (byte) -1, 'x', (short) -2, -3, -4L, -5.5f, 1e300}) {
            assertEquals(number, travel(number));
        }
    }

    @Test
    void carriesCapturedNumbers() throws Exception {
        boolean z = true;
        byte b = 1;
        char c = 'c';
        short s = 2;
        int i = 3;
        long j = 4;
        float f = 5;
        double d = 6;
        LEFT.clear();
        copy(() -> LEFT.addAll(List.of(z, b, c, s, i, j, f, d))).run();
        assertEquals(List.of(z, b, c, s, i, j, f, d), LEFT);
    }

    @Test
    void carriesTasksOfEveryForm() throws Exception {
        Says says = new Says("reference");
        Pair pair = new Pair("a", "b");
        List<ChildTask> tasks = List.of(new Says("record"), says::run, CompactFormatTest::leave, Empty::new, () -> leave(says),
                new TaskWithArgument<>(CompactFormatTest::leave, "argument"),
                new TaskWithArguments<>(CompactFormatTest::leave, "first", 2L), pair::hashCode, HasTask.task("interface"));
        LEFT.clear();
        for (ChildTask task : tasks) {
            copy(task).run();
        }
        assertEquals(List.of("record", "reference", "nothing", says, "argument", "first", 2L, "interface"), LEFT);
    }

    private static void leave() {
        LEFT.add("nothing");
    }

    private static void leave(Object value) {
        LEFT.add(value);
    }

    private static void leave(Object first, Object second) {
        LEFT.add(first);
        LEFT.add(second);
    }

    @Test
    void keepsOneObjectOne() throws Exception {
        String text = new String("text"); // an object of its own
        Pair pair = new Pair(new Pair(text, new Replaced("x")), null);
        Pair inner = (Pair) pair.one();
        Pair travelled = (Pair) travel(new Pair(pair, new Pair(inner, new Pair(text, inner.other()))));
        assertNotSame(pair, travelled.one());
        Pair copy = (Pair) ((Pair) travelled.one()).one();
        Pair second = (Pair) travelled.other();
        assertSame(copy, second.one());
        assertSame(copy.one(), ((Pair) second.other()).one());
        assertSame(copy.other(), ((Pair) second.other()).other());
    }

    @Test
    void asksObjectsForTheirReplacements() throws Exception {
        assertEquals("x, resolved", ((Replaced) travel(new Replaced("x"))).name);
        assertEquals("y, resolved", ((Replaced) travel(new MoreReplaced("y"))).name);
    }

    @Test
    void makesOneOfThoseWhoseReplacementIsOne() throws Exception {
        Pair travelled = (Pair) travel(new Pair(new Shared(), new Pair(new Shared(), Shared.STANDS_FOR_ALL)));
        assertEquals(new Empty(), travelled.one());
        Pair others = (Pair) travelled.other();
        assertSame(travelled.one(), others.one());
        assertSame(travelled.one(), others.other());
    }

    @Test
    void givesConstructorsWhatTheyDeclare() throws Exception {
        assertEquals(new Pair("a text", null), travel(new Pair(new Impostor(), null)));
        assertEquals(new Trusting(null), travel(new Trusting(null)));
        assertThrows(ClassCastException.class, () -> travel(new Trusting(new Impostor())));
    }

    @Test
    void saysThatNoDescriptorCanBeHad() {
        SystemCallException limit = assertThrows(SystemCallException.class, () -> Descriptors.duplicate(987_654));
        Failing poor = new Failing(limit);
        assertSame(limit, assertThrows(SystemCallException.class, () -> CompactWriter.write(() -> leave(poor))));
        assertSame(limit, assertThrows(SystemCallException.class, () -> TaskWriter.writeTask(() -> leave(poor))));
        for (Exception failure : List.of(new NotSerializableException("x"), new IllegalStateException(), new Exception())) {
            Failing failing = new Failing(failure);
            assertNull(CompactWriter.write(() -> leave(failing)));
            assertThrows(TaskNotSerializableException.class, () -> TaskWriter.writeTask(() -> leave(failing)));
        }
    }

    @Test
    void makesRecordsByTheirConstructors() throws Exception {
        ChildTask task = new TaskWithArgument<>(CompactFormatTest::leave, new Even(1234));
        byte[] bytes = CompactWriter.write(task);
        int last = bytes.length - 1;
        assertEquals((byte) 1234, bytes[last]);
        bytes[last]++;
        Exception refusal = assertThrows(IllegalArgumentException.class, () -> CompactReader.readTask(bytes));
        assertEquals("1235 is odd", refusal.getMessage());
    }

    @Test
    void leavesTheRestToSerialization() throws Exception {
        ArrayList<String> list = new ArrayList<>();
        String tooLong = "x".repeat(30_000);
        int[] array = {1};
        Chain deep = new Chain(null);
        for (int i = 0; i < 100; i++) {
            deep = new Chain(deep);
        }
        Chain chain = deep;
        Class<?> primitive = int.class;
        Class<?> arrayClass = int[].class;
        isLeftToSerialization(() -> leave(list));
        isLeftToSerialization(() -> leave(tooLong));
        isLeftToSerialization(() -> leave(array));
        isLeftToSerialization(() -> leave(chain));
        isLeftToSerialization(() -> leave(primitive));
        isLeftToSerialization(() -> leave(arrayClass));
    }

    @Test
    void leavesToSerializationWhatThatRefuses() throws Exception {
        NotSerializable record = new NotSerializable(1);
        ChildTask lambda = () -> {};
        Class<?> hidden = lambda.getClass();
        try (URLClassLoader loader = new URLClassLoader(new URL[0], null) {
            @Override
            protected Class<?> findClass(String name) {
                byte[] bytes = bytesOf(Empty.class);
                return defineClass(name, bytes, 0, bytes.length);
            }
        }) {
            Class<?> unknown = loader.loadClass(Empty.class.getName());
            assertNull(CompactWriter.write(() -> leave(record)));
            assertNull(CompactWriter.write(() -> leave(hidden)));
            assertNull(CompactWriter.write(() -> leave(unknown)));
        }
    }

    private static byte[] bytesOf(Class<?> type) {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        byte[] unknown = {CompactFormat.MARK, 99};
        assertEquals("a task of the parent's has a value of unknown kind 99",
                assertThrows(StreamCorruptedException.class, () -> CompactReader.readTask(unknown)).getMessage());
        byte[] number = {CompactFormat.MARK, CompactFormat.NUMBER, 'I', 0, 0, 0, 7};
        assertEquals("the parent sent 7 instead of a task",
                assertThrows(StreamCorruptedException.class, () -> CompactReader.readTask(number)).getMessage());
    }
}
