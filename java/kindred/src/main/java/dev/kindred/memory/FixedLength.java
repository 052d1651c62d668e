// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How many elements an array has that is a field of a struct, or how many bytes a text has: {@code @FixedLength(3)
 * double[] position} is C's {@code double position[3]}, {@code @FixedLength(20) String name} is {@code char name[20]}.
 *
 * @see StructType#of(Class)
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface FixedLength {

    /** {@return how many, at least one} */
    int value();
}
