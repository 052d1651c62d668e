// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.ObjectInputFilter;
import java.io.Serial;
import java.io.Serializable;

/** A filter that travels as the pattern it was made of. */
final class PatternFilter implements ObjectInputFilter, Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private final String pattern;
    private final transient ObjectInputFilter filter;

    PatternFilter(String pattern) {
        this.pattern = pattern;
        ObjectInputFilter made = ObjectInputFilter.Config.createFilter(pattern);
        if (made == null) {
            throw new IllegalArgumentException("a filter needs a pattern, and \"" + pattern + "\" has none: for no filter, use Codec.objects()");
        }
        this.filter = made;
    }

    @Override
    public Status checkInput(FilterInfo question) {
        return filter.checkInput(question);
    }

    @Serial
    private Object writeReplace() {
        return new Ticket(pattern);
    }

    private record Ticket(String pattern) implements Serializable {

        @Serial
        private Object readResolve() {
            return new PatternFilter(pattern);
        }
    }
}
