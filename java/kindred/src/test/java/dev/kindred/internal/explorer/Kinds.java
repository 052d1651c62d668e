// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;

/** What a slot of a frame holds. A long or double takes two slots, of which the interpreter keeps it in the second. */
final class Kinds {

    static final char NOTHING = '-';
    static final char INT = 'I';
    static final char FLOAT = 'F';
    static final char LONG = 'J';
    static final char DOUBLE = 'D';
    static final char REFERENCE = 'A';

    private Kinds() {}

    static String of(TypeKind type) {
        return switch (type) {
            case LONG -> slots(LONG);
            case DOUBLE -> slots(DOUBLE);
            case FLOAT -> slots(FLOAT);
            case REFERENCE -> slots(REFERENCE);
            case VOID -> "";
            default -> slots(INT);
        };
    }

    static String of(VerificationTypeInfo type) {
        return switch (type) {
            case SimpleVerificationTypeInfo.TOP -> slots(NOTHING);
            case SimpleVerificationTypeInfo.INTEGER -> slots(INT);
            case SimpleVerificationTypeInfo.FLOAT -> slots(FLOAT);
            case SimpleVerificationTypeInfo.LONG -> slots(LONG);
            case SimpleVerificationTypeInfo.DOUBLE -> slots(DOUBLE);
            default -> slots(REFERENCE);
        };
    }

    private static String slots(char kind) {
        return kind == LONG || kind == DOUBLE ? "" + NOTHING + kind : "" + kind;
    }
}
