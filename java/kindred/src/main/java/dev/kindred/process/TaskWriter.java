// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.SystemCallException;
import dev.kindred.internal.inheritance.Inheritance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Serializes a child's task, in the {@link CompactFormat} if it can, and finds out what is to blame if that fails. */
final class TaskWriter extends ObjectOutputStream {

    private static final @Nullable ClassLoader OWN_LOADER = TaskWriter.class.getClassLoader();

    private TaskWriter(OutputStream out) throws IOException {
        super(out);
    }

    /**
     * {@return the task as bytes}
     *
     * @throws TaskNotSerializableException if it captures what cannot travel
     * @throws SystemCallException          if this process may have no more descriptors, of which each one that travels
     *                                      takes one
     */
    static byte[] writeTask(ChildTask task) {
        byte[] compact = CompactWriter.write(task);
        if (compact != null) {
            return compact;
        }
        Inheritance.restart();
        try {
            return serialize(task);
        } catch (SystemCallException limit) {
            throw limit;
        } catch (IOException | RuntimeException e) {
            throw CapturePath.explain(task, e);
        }
    }

    /** {@return whether an object can travel} */
    static boolean accepts(@Nullable Object object) {
        try {
            serialize(object);
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** {@return an object as Java serialization writes it} */
    static byte[] serialize(@Nullable Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TaskWriter writer = new TaskWriter(bytes)) {
            writer.writeObject(object);
        }
        return bytes.toByteArray();
    }

    /** A child has the loaders that loaded Kindred and no others. */
    @Override
    protected void annotateClass(Class<?> type) throws IOException {
        if (!isKnownToChildren(type.getClassLoader())) {
            throw new NotSerializableException(type.getName() + " was loaded by " + type.getClassLoader()
                    + ", which a child does not have: only classes from the class path and the module path can travel");
        }
    }

    /** {@return whether children have a class loader} */
    static boolean isKnownToChildren(@Nullable ClassLoader loader) {
        if (loader == null) {
            return true;
        }
        for (ClassLoader known = OWN_LOADER; known != null; known = known.getParent()) {
            if (known.equals(loader)) {
                return true;
            }
        }
        return false;
    }
}
