// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link JavaWriter} has written. */
final class JavaReader extends ObjectInputStream {

    /** The JDK makes an array before it reads its elements; honest ones, those inside of maps too, are longer by so much at most. */
    private static final int LENGTH_PER_BYTE = 16;

    private @Nullable String latestClass;

    private JavaReader(ByteSource in, @Nullable ObjectInputFilter own) throws IOException {
        super(in);
        long longest = 64L + (long) LENGTH_PER_BYTE * in.remaining();
        setObjectInputFilter(question -> check(question, longest, own));
    }

    static @Nullable Object read(ByteSource in, @Nullable ObjectInputFilter own) throws IOException, ClassNotFoundException {
        int length = in.remaining();
        try (JavaReader reader = new JavaReader(in, own)) {
            try {
                Object element = reader.readObject();
                if (in.remaining() > 0 || reader.available() > 0) {
                    throw new UnreadableException("bytes of " + length + " are left behind the element");
                }
                return element;
            } catch (InvalidClassException failure) {
                String name = failure.classname == null ? reader.latestClass : failure.classname;
                throw new UnreadableException(failure.toString(), name, failure);
            } catch (IOException | RuntimeException failure) {
                if (failure instanceof UnreadableException) {
                    throw failure;
                }
                throw new UnreadableException(failure.toString(), reader.latestClass, failure);
            }
        }
    }

    private static ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo question, long longest, @Nullable ObjectInputFilter own) {
        if (question.arrayLength() > longest) {
            return ObjectInputFilter.Status.REJECTED;
        }
        return own == null ? ObjectInputFilter.Status.UNDECIDED : own.checkInput(question);
    }

    /** As in the compact format, and without the search of the stack for a loader that the superclass does for every class. */
    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
        latestClass = description.getName();
        try {
            return ClassTable.find(description.getName());
        } catch (ClassNotFoundException e) {
            // Names of primitive types are known to the superclass only.
            return super.resolveClass(description);
        }
    }
}
