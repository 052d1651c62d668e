// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.NotInheritableException;
import dev.kindred.internal.codec.ByteSink;
import dev.kindred.internal.codec.ByteSource;
import dev.kindred.sync.Lock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is encoded arrives equal; what is no encoding, or is not welcome, fails in the one documented way. */
final class ObjectCodecTest {

    private static final long SEED = 20260711;

    private static final Codec<@Nullable Object> OBJECTS = Codec.objects();

    private enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "grass";
            }
        }
    }

    private record Point(int id, double x, @Nullable String name) {}

    private record All(boolean z, byte b, char c, short s, int i, long j, float f, double d, String text, Colour colour, Integer box) {}

    private record Node(@Nullable Object left, @Nullable Object right) {}

    private record Even(int number) {
        Even {
            if (number % 2 != 0) {
                throw new IllegalArgumentException(number + " is odd");
            }
        }
    }

    private static final class Old implements Serializable {
        private static final long serialVersionUID = 1;

        private final String text;

        Old(String text) {
            this.text = text;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Old old && old.text.equals(text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    private enum Words implements Codec<String> {
        CODEC;

        @Override
        public void encode(String word, OutputStream out) throws IOException {
            if (word.isEmpty()) {
                throw new IOException("an empty word");
            }
            out.write(word.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String decode(InputStream in) throws IOException {
            String word = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (word.startsWith("?")) {
                throw new IllegalStateException("no word: " + word);
            }
            return word;
        }
    }

    private static byte[] encode(@Nullable Object value) {
        ByteSink sink = new ByteSink();
        Encoding.encode(OBJECTS, value, sink);
        return sink.toByteArray();
    }

    private static @Nullable Object decode(byte[] bytes) {
        return Encoding.decode(OBJECTS, ByteSource.of(bytes, 0, bytes.length));
    }

    private static @Nullable Object travel(@Nullable Object value) {
        return decode(encode(value));
    }

    private static List<Object> leaves() {
        return List.of(true, false, (byte) -1, (short) -300, 'x', '\uffff', 0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0L, Long.MIN_VALUE, Long.MAX_VALUE,
                -0.0f, Float.NaN, Double.MIN_VALUE, Double.NEGATIVE_INFINITY, "", "text", "\u00e4\u00ff", "\u20ac", "a\ud83d\ude00b", "\ud800 alone",
                "long ".repeat(1000), Colour.RED, Colour.GREEN, new Point(1, 2.5, "p"), new Point(-1, Double.NaN, null),
                new All(true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, "seven", Colour.GREEN, 8));
    }

    private static List<Object> collections() {
        List<Object> made = new ArrayList<>(List.of(List.of(), List.of(1), List.of(1, 2), List.of(1, 2, 3), Set.of(), Set.of(1), Set.of(1, 2, 3), Map.of(),
                Map.of("k", 1), Map.of("k", 1, "l", 2, "m", 3), new HashSet<>(leaves()), new LinkedHashSet<>(leaves()), new TreeSet<>(List.of(3, 1, 2)),
                new TreeMap<>(Map.of("b", 1, "a", 2)), new TreeSet<>(Comparator.<Integer>reverseOrder()), new LinkedList<>(leaves()),
                Arrays.asList(1, null), Collections.singletonList(7), Stream.of(1, null, 2).toList(), new Old("by Java"), new Node(new Old("in it"), 1)));
        made.add(new ArrayList<>(leaves()));
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        leaves().forEach(leaf -> map.put(leaf, null));
        made.add(map);
        made.add(new HashMap<>(map));
        return made;
    }

    @Test
    void nullAndLeavesArriveEqual() {
        assertNull(travel(null));
        for (Object leaf : leaves()) {
            Object arrived = Objects.requireNonNull(travel(leaf));
            assertEquals(leaf, arrived);
            assertSame(leaf.getClass(), arrived.getClass());
        }
    }

    @Test
    void collectionsArriveEqualAndOfTheirClasses() {
        for (Object collection : collections()) {
            Object arrived = Objects.requireNonNull(travel(collection));
            assertEquals(collection, arrived);
            boolean isFixed = collection.getClass().getName().contains("ImmutableCollections");
            assertEquals(isFixed, arrived.getClass().getName().contains("ImmutableCollections"), () -> arrived.getClass().getName());
            assertTrue(isFixed || collection.getClass() == arrived.getClass(), () -> arrived.getClass().getName());
        }
    }

    @Test
    void ordersAreKept() {
        assertEquals(List.of(3, 1, 2), List.copyOf((Set<?>) Objects.requireNonNull(travel(new LinkedHashSet<>(List.of(3, 1, 2))))));
        LinkedHashMap<Integer, Integer> byAccess = new LinkedHashMap<>(16, 0.75f, true);
        byAccess.put(1, 1);
        byAccess.put(2, 2);
        @SuppressWarnings("unchecked")
        Map<Integer, Integer> arrived = (Map<Integer, Integer>) Objects.requireNonNull(travel(byAccess));
        arrived.get(1);
        assertEquals(List.of(2, 1), List.copyOf(arrived.keySet()));
    }

    @Test
    void arraysArriveEqual() {
        Object[] arrays = {new boolean[] {true, false}, new byte[] {1, -1}, new short[] {1, -1}, new char[] {'a', '\uffff'}, new int[] {1, -1},
            new long[] {1, -1}, new float[] {1, -0.0f}, new double[] {1, Double.NaN}, new int[0], new int[][] {{1}, {}}, new String[] {"a", null},
            new Colour[] {Colour.GREEN}, new Point[][] {{new Point(1, 2, "3")}}, new Object[] {1, "2", new long[] {3}}};
        Object arrived = travel(arrays);
        assertTrue(Arrays.deepEquals(arrays, (Object[]) arrived));
        for (int i = 0; i < arrays.length; i++) {
            assertSame(arrays[i].getClass(), ((Object[]) Objects.requireNonNull(arrived))[i].getClass());
        }
    }

    /** By reflection first, and by handles later. */
    @Test
    void recordsArriveEqualHoweverOftenTheyTravel() {
        for (int i = 0; i < 1000; i++) {
            Point point = new Point(i, i / 3.0, "p" + i);
            All all = new All(i % 2 == 0, (byte) i, (char) i, (short) i, -i, -i, i, i, "t", Colour.RED, i);
            Node node = new Node(point, List.of(all, new Node(null, "x")));
            assertEquals(node, travel(node));
        }
    }

    @Test
    void randomTreesArriveEqual() {
        Random random = new Random(SEED);
        for (int i = 0; i < 3000; i++) {
            Object tree = tree(random, 0);
            int number = i;
            assertEquals(tree, travel(tree), () -> "tree " + number + " of seed " + SEED);
        }
    }

    private static @Nullable Object tree(Random random, int depth) {
        int kind = depth > 5 ? 0 : random.nextInt(9);
        List<@Nullable Object> parts = new ArrayList<>();
        for (int i = random.nextInt(5); kind > 2 && i > 0; i--) {
            parts.add(tree(random, depth + 1));
        }
        return switch (kind) {
            case 0, 1 -> leaves().get(random.nextInt(leaves().size()));
            case 2 -> null;
            case 3 -> new HashSet<>(parts);
            case 4 -> new LinkedHashSet<>(parts);
            case 5 -> new Node(tree(random, depth + 1), parts);
            case 6 -> Collections.unmodifiableList(parts).stream().toList();
            case 7 -> {
                Map<@Nullable Object, @Nullable Object> map = new HashMap<>();
                parts.forEach(part -> map.put(part, tree(random, depth + 1)));
                yield map;
            }
            default -> parts;
        };
    }

    @Test
    void whatIsOneObjectStaysOne() {
        List<Object> shared = new ArrayList<>(List.of(1));
        Object[] arrived = (Object[]) Objects.requireNonNull(travel(new Object[] {shared, new Node(shared, shared), shared}));
        assertSame(arrived[0], arrived[2]);
        assertSame(arrived[0], ((Node) arrived[1]).left());
        assertSame(arrived[0], ((Node) arrived[1]).right());
    }

    /** Written as a tree, it would be of 2 to the power of 50 values. */
    @Test
    void recordsThatShareTheirPartsStaySmall() {
        Object node = 1;
        for (int i = 0; i < 50; i++) {
            node = new Node(node, node);
        }
        byte[] bytes = encode(node);
        assertTrue(bytes.length < 1000, () -> bytes.length + " bytes");
        Node arrived = assertInstanceOf(Node.class, decode(bytes));
        assertSame(arrived.left(), arrived.right());
    }

    @Test
    void manySharedObjectsArePointedBackTo() {
        List<Object> parts = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            parts.add(new ArrayList<>(List.of(i)));
        }
        List<Object> twice = new ArrayList<>(parts);
        twice.addAll(parts);
        List<?> arrived = (List<?>) Objects.requireNonNull(travel(twice));
        assertEquals(twice, arrived);
        for (int i = 0; i < 5000; i++) {
            assertSame(arrived.get(i), arrived.get(i + 5000));
        }
    }

    @Test
    void listsMayContainThemselvesAndRecordsMayNot() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        List<?> arrived = (List<?>) Objects.requireNonNull(travel(list));
        assertSame(arrived, arrived.get(0));
        List<Object> inner = new ArrayList<>();
        Node node = new Node(inner, null);
        inner.add(node);
        UnencodableElementException refused = assertThrows(UnencodableElementException.class, () -> encode(node));
        assertTrue(refused.getMessage().contains("contains itself"), refused.getMessage());
    }

    @Test
    void deepElementsTravelByJavaSerialization() {
        Object deep = "bottom";
        for (int i = 0; i < 200; i++) {
            deep = new ArrayList<>(Collections.singletonList(deep));
        }
        assertEquals(deep, travel(deep));
    }

    @Test
    void whatCannotTravelIsNamed() {
        UnencodableElementException opaque = assertThrows(UnencodableElementException.class, () -> encode(List.of(1, new Object())));
        assertEquals("java.lang.Object", opaque.typeName());
        UnencodableElementException inherited = assertThrows(UnencodableElementException.class, () -> encode(new Node(new Lock(), 1)));
        assertInstanceOf(NotInheritableException.class, inherited.getCause());
        assertTrue(inherited.getMessage().contains("dev.kindred.sync.Lock objects are shared with child processes only by inheritance"),
                inherited.getMessage());
    }

    @Test
    void whatConstructorsRefuseAndClassesUnknownHereAreNamed() {
        byte[] even = encode(new Even(2));
        even[even.length - 4] = 3;
        UndecodableElementException odd = assertThrows(UndecodableElementException.class, () -> decode(even));
        assertEquals(Even.class.getTypeName(), odd.typeName());
        for (Object value : List.of(new Even(2), new Old("x"))) {
            byte[] bytes = encode(value);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int at = text.indexOf("ObjectCodecTest");
            bytes[at] = 'Z';
            UndecodableElementException unknown = assertThrows(UndecodableElementException.class, () -> decode(bytes));
            assertEquals(value.getClass().getName().replace("Object", "Zbject"), unknown.typeName());
        }
    }

    @Test
    void filtersAreAsked() {
        String own = ObjectCodecTest.class.getName();
        Codec<@Nullable Object> picky = Codec.objects(own + "$Point;maxdepth=4;maxarray=10;!*");
        assertEquals(List.of(new Point(1, 2, "3")), filtered(picky, List.of(new Point(1, 2, "3"))));
        for (Object refused : List.of(new Even(2), Colour.RED, new Old("x"), new int[11], List.of(List.of(List.of(List.of(List.of(1))))))) {
            UndecodableElementException failure = assertThrows(UndecodableElementException.class, () -> filtered(picky, refused),
                    () -> refused.getClass().getName());
            assertTrue(failure.getMessage().contains("filter") || failure.getMessage().contains("REJECTED"), failure.getMessage());
        }
    }

    private static @Nullable Object filtered(Codec<@Nullable Object> codec, Object value) {
        byte[] bytes = encode(value);
        return Encoding.decode(codec, ByteSource.of(bytes, 0, bytes.length));
    }

    @Test
    void filteredCodecsTravel() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Codec<@Nullable Object> ofPattern = Codec.objects("!*");
        Codec<@Nullable Object> ofLambda = Codec.objects(question -> ObjectInputFilter.Status.REJECTED);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(List.of(ofPattern, ofLambda));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            for (Object arrived : (List<?>) in.readObject()) {
                @SuppressWarnings("unchecked")
                Codec<@Nullable Object> codec = (Codec<@Nullable Object>) arrived;
                assertThrows(UndecodableElementException.class, () -> filtered(codec, new Even(2)));
                assertEquals("text", filtered(codec, "text"));
            }
        }
    }

    /** None throws anything else, none takes long, none takes much memory. */
    @Test
    void mutatedAndTruncatedBytesFailInOneWay() {
        List<Object> samples = new ArrayList<>(leaves());
        samples.removeIf(sample -> sample instanceof String text && text.length() > 100);
        samples.addAll(List.of(new Node(samples.get(samples.size() - 1), List.of(1, Set.of("a", "b"), Map.of(1, 2))), new int[] {1, 2, 3},
                new Object[] {"a", new long[] {1}}, new TreeMap<>(Map.of("b", 1, "a", 2)), new Old("x")));
        for (Object sample : samples) {
            byte[] bytes = encode(sample);
            for (int at = 0; at < bytes.length; at++) {
                decodeOrRefuse(Arrays.copyOf(bytes, at));
                byte before = bytes[at];
                for (int value = 0; value < 256; value++) {
                    bytes[at] = (byte) value;
                    decodeOrRefuse(bytes);
                }
                bytes[at] = before;
            }
        }
    }

    private static void decodeOrRefuse(byte[] bytes) {
        long before = allocatedBytes();
        try {
            decode(bytes);
        } catch (UndecodableElementException documented) {
            assertTrue(documented.getMessage().contains("cannot be decoded"), documented.getMessage());
        }
        long allocated = allocatedBytes() - before;
        assertTrue(allocated < 4_000_000, () -> allocated + " bytes allocated for " + bytes.length + ": " + Arrays.toString(bytes));
    }

    private static long allocatedBytes() {
        try {
            return (long) ManagementFactory.getPlatformMBeanServer().getAttribute(
                    new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME), "CurrentThreadAllocatedBytes");
        } catch (JMException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void bytesBehindAnElementAreRefused() {
        for (Object value : List.of("text", new Old("x"))) {
            byte[] bytes = encode(value);
            assertThrows(UndecodableElementException.class, () -> decode(Arrays.copyOf(bytes, bytes.length + 1)));
        }
    }

    @Test
    void codecsOfUsersAreCalledAndTheirFailuresWrapped() {
        ByteSink sink = new ByteSink();
        Encoding.encode(Words.CODEC, "word", sink);
        assertArrayEquals("word".getBytes(StandardCharsets.UTF_8), sink.toByteArray());
        assertEquals("word", Encoding.decode(Words.CODEC, ByteSource.of(sink.array(), 0, sink.size())));
        assertThrows(UnencodableElementException.class, () -> Encoding.encode(Words.CODEC, "", sink));
        assertEquals(4, sink.size());
        byte[] bad = {'?'};
        assertThrows(UndecodableElementException.class, () -> Encoding.decode(Words.CODEC, ByteSource.of(bad, 0, 1)));
    }
}
