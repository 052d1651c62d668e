// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Finds classes by the bytes of their names, without making a text of them each time. Classes are looked for where Kindred's own class was found,
 * as in a child, and then by the context loader of the thread; what that one finds is not remembered.
 */
final class ClassTable {

    private static final @Nullable ClassLoader OWN_LOADER = ClassTable.class.getClassLoader();

    /** By hash; filled to a half at most. */
    private static final AtomicReferenceArray<@Nullable Shape> SHAPES = new AtomicReferenceArray<>(1 << 12);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private ClassTable() {}

    /** Reads a class by its name, of so many bytes. */
    static Shape read(ByteSource in, int length) throws UnreadableException, ClassNotFoundException {
        int mask = SHAPES.length() - 1;
        int slot = in.peekHash(length) & mask;
        for (Shape known = SHAPES.get(slot); known != null; known = SHAPES.get(slot)) {
            if (known.name.length == length && in.skipIfEqual(known.name)) {
                return known;
            }
            slot = (slot + 1) & mask;
        }
        Class<?> type = find(in.getLatin1(length));
        Shape found = Shape.of(type);
        if (isOwn(type) && COUNT.get() < SHAPES.length() / 2) {
            remember(found, slot);
        }
        return found;
    }

    private static void remember(Shape found, int firstFree) {
        COUNT.incrementAndGet();
        int slot = firstFree;
        while (!SHAPES.compareAndSet(slot, null, found)) {
            Shape winner = SHAPES.get(slot);
            if (winner == found) {
                return;
            }
            slot = (slot + 1) & (SHAPES.length() - 1);
        }
    }

    /** Of the own loader, a class of this name is always this one. */
    private static boolean isOwn(Class<?> type) {
        try {
            return Class.forName(type.getName(), false, OWN_LOADER).equals(type);
        } catch (ClassNotFoundException ofAnother) {
            return false;
        }
    }

    /**
     * {@return the class of a name} It is not initialized.
     *
     * @throws ClassNotFoundException if there is none here
     */
    static Class<?> find(String name) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, OWN_LOADER);
        } catch (ClassNotFoundException notHere) {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            if (context == null || context.equals(OWN_LOADER)) {
                throw notHere;
            }
            return Class.forName(name, false, context);
        }
    }
}
