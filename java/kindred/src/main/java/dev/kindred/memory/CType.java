// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.memory;

import java.lang.foreign.ValueLayout;

/**
 * The C types that a {@link Value} or {@link Array} can have, with the letters that Python's {@code array}, {@code
 * ctypes} and {@code multiprocessing} give them, as they are on 64-bit Linux.
 *
 * {@snippet :
 * RawValue port = RawValue.of(CType.UNSIGNED_SHORT, 65_000);
 * System.out.println(port.type() + " of " + port.type().size() + " bytes: " + port.getInt());
 * port.setInt(70_000);     // ArithmeticException: 70000 is out of the range of H (unsigned short), 0..65535
 * }
 *
 * <p>Integers are read and written as {@code int} or {@code long}, always as the number they are: a number outside of
 * the type's range is an {@link ArithmeticException} that names both. Unsigned types have their whole range. Only the
 * two unsigned types of 64 bits have numbers that a {@code long} has not; as {@code long} they are their 64 bits, which
 * {@link Long#toUnsignedString(long)}, {@link Long#compareUnsigned(long, long)} and their like understand.
 */
public enum CType {

    /** A byte of a text, {@code char}: 0 to 255. */
    CHAR('c', "char", Byte.BYTES, 0, 255),

    /** {@code signed char}: -128 to 127. */
    SIGNED_CHAR('b', "signed char", Byte.BYTES, Byte.MIN_VALUE, Byte.MAX_VALUE),

    /** {@code unsigned char}: 0 to 255. */
    UNSIGNED_CHAR('B', "unsigned char", Byte.BYTES, 0, 255),

    /** {@code wchar_t}: a code point of Unicode, 0 to 0x10FFFF, in 4 bytes. */
    WIDE_CHAR('u', "wchar_t", Integer.BYTES, 0, Character.MAX_CODE_POINT),

    /** {@code short}: 16 bits, signed. */
    SHORT('h', "short", Short.BYTES, Short.MIN_VALUE, Short.MAX_VALUE),

    /** {@code unsigned short}: 0 to 65535. */
    UNSIGNED_SHORT('H', "unsigned short", Character.BYTES, 0, Character.MAX_VALUE),

    /** {@code int}: 32 bits, signed. */
    INT('i', "int", Integer.BYTES, Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** {@code unsigned int}: 0 to 2^32 - 1. */
    UNSIGNED_INT('I', "unsigned int", Integer.BYTES, 0, 0xFFFF_FFFFL),

    /** {@code long}: 64 bits, signed. */
    LONG('l', "long", Long.BYTES, Long.MIN_VALUE, Long.MAX_VALUE),

    /** {@code unsigned long}: 0 to 2^64 - 1; as {@code long}, its 64 bits. */
    UNSIGNED_LONG('L', "unsigned long", Long.BYTES, 0, -1),

    /** {@code long long}: 64 bits, signed. */
    LONG_LONG('q', "long long", Long.BYTES, Long.MIN_VALUE, Long.MAX_VALUE),

    /** {@code unsigned long long}: 0 to 2^64 - 1; as {@code long}, its 64 bits. */
    UNSIGNED_LONG_LONG('Q', "unsigned long long", Long.BYTES, 0, -1),

    /** {@code float}: 32 bits, IEEE 754. */
    FLOAT('f', "float", Float.BYTES, 0, 0),

    /** {@code double}: 64 bits, IEEE 754. */
    DOUBLE('d', "double", Double.BYTES, 0, 0);

    /** 2^64 - 1 as a long. */
    private static final long ALL_BITS = -1;

    private final char code;
    private final String cName;
    private final int size;
    private final long minimum;
    private final long maximum;

    CType(char code, String cName, int size, long minimum, long maximum) {
        this.code = code;
        this.cName = cName;
        this.size = size;
        this.minimum = minimum;
        this.maximum = maximum;
    }

    /**
     * Finds a type by Python's letter for it.
     *
     * @param code one of {@code c b B u h H i I l L q Q f d}
     * @return the type
     * @throws IllegalArgumentException if no type has this letter
     */
    public static CType of(char code) {
        for (CType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("bad type code '" + code + "': must be one of c b B u h H i I l L q Q f d");
    }

    /** {@return the letter that Python gives this type} */
    public char code() {
        return code;
    }

    /** {@return how C declares it} */
    String cName() {
        return cName;
    }

    /** {@return how many bytes one takes, which is also how it is aligned} */
    public int size() {
        return size;
    }

    /** {@return the layout of one in native byte order, whose carrier is the Java type with the same bits} */
    public ValueLayout layout() {
        // No field: layouts take a new JVM several milliseconds, and few that use the type need them.
        return switch (this) {
            case CHAR, SIGNED_CHAR, UNSIGNED_CHAR -> ValueLayout.JAVA_BYTE;
            case SHORT -> ValueLayout.JAVA_SHORT;
            case UNSIGNED_SHORT -> ValueLayout.JAVA_CHAR;
            case INT, UNSIGNED_INT, WIDE_CHAR -> ValueLayout.JAVA_INT;
            case LONG, UNSIGNED_LONG, LONG_LONG, UNSIGNED_LONG_LONG -> ValueLayout.JAVA_LONG;
            case FLOAT -> ValueLayout.JAVA_FLOAT;
            case DOUBLE -> ValueLayout.JAVA_DOUBLE;
        };
    }

    /** {@return whether this is one of the twelve integer types, the two character types among them} */
    public boolean isInteger() {
        return this != FLOAT && this != DOUBLE;
    }

    /** {@return whether this is an integer type without negative numbers} */
    public boolean isUnsigned() {
        return isInteger() && minimum == 0;
    }

    /** {@return whether this is {@link #CHAR} or {@link #WIDE_CHAR}, an array of which is a text} */
    public boolean isCharacter() {
        return this == CHAR || this == WIDE_CHAR;
    }

    /** {@return whether this is an integer type of 64 bits} */
    boolean isLong() {
        return size == Long.BYTES && isInteger();
    }

    /** {@return the smallest number of an integer type} */
    long minimum() {
        return minimum;
    }

    /** {@return the largest number of an integer type; for an unsigned one of 64 bits, all bits set} */
    long maximum() {
        return maximum;
    }

    /**
     * Checks a number that is to be stored as an integer.
     *
     * @throws ArithmeticException           if this type cannot hold it
     * @throws UnsupportedOperationException if this is no integer type
     */
    void check(long number) {
        if (!isInteger()) {
            throw noInteger();
        }
        if ((number < minimum || number > maximum) && !isBits()) {
            throw outOfRange(Long.toString(number));
        }
    }

    /** {@return whether {@code number + delta} is out of the range of this integer type, which holds {@code number}} */
    boolean sumIsOutOfRange(long number, long delta) {
        long sum = number + delta;
        if (isBits()) {
            return delta >= 0 ? Long.compareUnsigned(sum, number) < 0 : Long.compareUnsigned(sum, number) > 0;
        }
        return Cells.isOverflow(number, delta) || sum < minimum || sum > maximum;
    }

    /** {@return the number that 32 bits are in an integer type of this size} */
    long number(int bits) {
        return isUnsigned() ? Integer.toUnsignedLong(bits) : bits;
    }

    /** {@return an integer as text} */
    String describe(long number) {
        return isUnsigned() ? Long.toUnsignedString(number) : Long.toString(number);
    }

    /** {@return the range of this type, for a message} */
    String range() {
        return isInteger() ? describe(minimum) + ".." + describe(maximum) : -Float.MAX_VALUE + ".." + Float.MAX_VALUE;
    }

    /** {@return the complaint that a number does not fit} */
    ArithmeticException outOfRange(String number) {
        return new ArithmeticException(number + " is out of the range of " + this + ", " + range());
    }

    /** {@return the complaint that this is no integer type} */
    UnsupportedOperationException noInteger() {
        return new UnsupportedOperationException(this + " is no integer: use getDouble and setDouble");
    }

    /** {@return the complaint that this is an integer type} */
    UnsupportedOperationException noFloat() {
        return new UnsupportedOperationException(
                this + " is an integer: use getInt and setInt, or getLong and setLong");
    }

    /** {@return whether this is an unsigned type of 64 bits, the numbers of which are as long only bits} */
    private boolean isBits() {
        return maximum == ALL_BITS;
    }

    /** {@return the letter and C's name, for example {@code i (int)}} */
    @Override
    public String toString() {
        return code + " (" + cName + ")";
    }
}
