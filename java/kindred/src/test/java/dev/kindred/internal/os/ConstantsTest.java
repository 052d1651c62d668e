// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The constants that Java spells out have the values that the C compiler sees. */
class ConstantsTest {

    private static final List<Class<?>> CLASSES = List.of(
            Descriptors.class,
            Epoll.class,
            Errno.class,
            Futex.class,
            Mappings.class,
            PollSet.class,
            Processes.class,
            SharedObjects.class,
            Sockets.class);

    /** Those that C does not know. */
    private static final Set<String> OF_JAVA_ALONE = Set.of("ACCESS_MASK", "ANSWER_LENGTH", "FIRST_CAPACITY", "LONGS_AN_EVENT", "NOT_A_CHILD", "RUNNING", "V6_LENGTH");

    @Test
    void agreeWithC() throws IllegalAccessException {
        List<String> checked = new ArrayList<>();
        for (Class<?> type : CLASSES) {
            for (Field field : type.getDeclaredFields()) {
                if (isConstant(field) && !OF_JAVA_ALONE.contains(field.getName())) {
                    field.setAccessible(true);
                    String name = field.getName();
                    assertEquals(Native.constant(Texts.terminated(name)), field.getInt(null), type.getSimpleName() + "." + name);
                    checked.add(name);
                }
            }
        }
        assertTrue(checked.containsAll(List.of("O_CREAT", "EAGAIN", "MAP_SHARED", "EPOLL_CTL_MOD")), checked.toString());
    }

    @Test
    void unknownNamesAreErrors() {
        assertEquals(-Errno.EINVAL, Native.constant(Texts.terminated("O_NOTHING")));
    }

    private static boolean isConstant(Field field) {
        return Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers()) && field.getType() == int.class;
    }
}
