// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.ObjectInputFilter;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Asks the filters about one element what Java serialization would ask them: those of the JVM, and one of its own. */
final class FilterGate {

    private final @Nullable ObjectInputFilter filter;
    private long references;

    private FilterGate(@Nullable ObjectInputFilter filter) {
        this.filter = filter;
    }

    /** {@return what asks the JVM's filter and another, joined as the JVM's factory joins them, or null if there is none to ask} */
    static @Nullable FilterGate of(@Nullable ObjectInputFilter own) {
        BinaryOperator<ObjectInputFilter> factory = ObjectInputFilter.Config.getSerialFilterFactory();
        ObjectInputFilter joined = factory.apply(null, ObjectInputFilter.Config.getSerialFilter());
        if (own != null) {
            joined = factory.apply(joined, own);
        }
        return joined == null ? null : new FilterGate(joined);
    }

    /** Asks about an object of a class, or about the limits only if the class is null. */
    void check(@Nullable Class<?> type, long arrayLength, long depth, long bytes) throws UnreadableException {
        references++;
        if (filter == null) {
            return;
        }
        ObjectInputFilter.Status status = filter.checkInput(new Question(type, arrayLength, depth, references, bytes));
        if (status == null || status == ObjectInputFilter.Status.REJECTED) {
            String what = type == null ? "a collection" : type.getTypeName();
            String length = arrayLength < 0 ? "" : " of length " + arrayLength;
            throw new UnreadableException("the filter refuses " + what + length + " at depth " + depth + ", as object " + references + " and after "
                    + bytes + " bytes; if it is welcome, let the filter of the codec and that of the JVM accept it",
                    type == null ? null : type.getTypeName(), null);
        }
    }

    private record Question(@Nullable Class<?> serialClass, long arrayLength, long depth, long references, long streamBytes)
            implements ObjectInputFilter.FilterInfo {}
}
