// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** Java serialization, but for records, which need not be serializable. */
final class JavaWriter extends ObjectOutputStream {

    /** What is one record stays one. */
    private final IdentityHashMap<Object, RecordEnvelope> envelopes = new IdentityHashMap<>();

    private JavaWriter(OutputStream out) throws IOException {
        super(out);
        enableReplaceObject(true);
    }

    static void write(@Nullable Object element, OutputStream to) throws IOException {
        try (JavaWriter writer = new JavaWriter(to)) {
            writer.writeObject(element);
        }
    }

    @Override
    protected Object replaceObject(Object value) {
        boolean isLeft = !(value instanceof Record) || value instanceof Serializable || value.getClass().isHidden();
        return isLeft ? value : envelopes.computeIfAbsent(value, RecordEnvelope::of);
    }
}
