// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import org.jspecify.annotations.Nullable;

/**
 * Deserializes a child's task. It comes from the parent over a socket that nobody else has, so it is trusted as the
 * parent is.
 */
final class TaskReader extends ObjectInputStream {

    private static final @Nullable ClassLoader LOADER = TaskReader.class.getClassLoader();

    private TaskReader(InputStream in) throws IOException {
        super(in);
    }

    static ChildTask readTask(byte[] serialized) throws IOException, ClassNotFoundException {
        try (TaskReader reader = new TaskReader(new ByteArrayInputStream(serialized))) {
            return (ChildTask) reader.readObject();
        }
    }

    /** Without the search of the stack for a loader that the superclass does for every class. */
    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
        try {
            return Class.forName(description.getName(), false, LOADER);
        } catch (ClassNotFoundException e) {
            // Names of primitive types are known to the superclass only.
            return super.resolveClass(description);
        }
    }
}
