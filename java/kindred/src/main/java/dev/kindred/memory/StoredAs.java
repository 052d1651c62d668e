// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which C type a field of a struct has, where it is not that of the record's component: {@code
 * @StoredAs(CType.UNSIGNED_SHORT) int port}. For components {@code int} and {@code long}, which any integer type fits,
 * {@code double}, which {@link CType#FLOAT} fits, and arrays of them.
 *
 * @see StructType#of(Class)
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface StoredAs {

    /** {@return the type} */
    CType value();
}
