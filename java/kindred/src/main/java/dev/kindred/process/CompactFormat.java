// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

/**
 * How a task travels that consists of what tasks mostly consist of: lambdas, records, enums, texts, numbers.
 *
 * <p>It says the same as a stream of Java serialization, and what is read is made in the same way: a lambda by its
 * class's {@code $deserializeLambda$}, a record by its canonical constructor and then {@code readResolve}, what was
 * one object is one object. Reading Java's takes a new JVM 60 ms of processor time before the first object is there,
 * most of it for code that the JDK makes for each type.
 *
 * <p>A value is a tag and what belongs to it. Texts are those of {@link java.io.DataOutput#writeUTF}, classes stand as
 * texts of their names. Values marked with # are counted from 0 in the order in which they end. What puts another
 * object in its place, by {@code writeReplace}, stands as that one.
 *
 * <pre>
 *   NULL
 *   BACK      number of an earlier value (int)
 *   TEXT #    text
 *   LAMBDA #  capturing class | interface | method | its signature | kind (byte) | class | method | its signature
 *             | signature at the call | number of captured values (byte) | captured values
 *   RECORD #  class | signature of the constructor | whether it has readResolve (boolean)
 *             | components, those of primitive types as DataOutput writes them, values for the others
 *   ENUM      class | name
 *   CLASS     class
 *   NUMBER    type, as in a signature (byte) | the number as DataOutput writes it
 * </pre>
 */
final class CompactFormat {

    /** The first byte of all; a stream of Java serialization begins with 0xac. */
    static final int MARK = 0x4b;

    static final int NULL = 0;
    static final int BACK = 1;
    static final int TEXT = 2;
    static final int LAMBDA = 3;
    static final int RECORD = 4;
    static final int ENUM = 5;
    static final int CLASS = 6;
    static final int NUMBER = 7;

    private CompactFormat() {}
}
