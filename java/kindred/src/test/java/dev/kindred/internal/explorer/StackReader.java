// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads the calling thread's own stack: for each frame the method, the instruction, the local variables and the operands. The JDK has it
 * ({@code LiveStackFrame}), but exports it to nobody; and only interpreted frames hold their variables where it looks for them.
 */
final class StackReader {

    /** What it takes to run this, for the message that says what is missing. */
    private static final String OPTIONS = "--add-opens java.base/java.lang=dev.kindred,ALL-UNNAMED and, for the packages whose code "
            + "actors run, -XX:CompileCommand=exclude,PACKAGE.*::*";

    private static final int INTERPRETED = 1;

    private static final StackWalker WALKER;
    private static final MethodHandle LOCALS;
    private static final MethodHandle OPERANDS;
    private static final MethodHandle MODE;
    private static final MethodHandle LONG_VALUE;

    static {
        try {
            Class<?> frame = Class.forName("java.lang.LiveStackFrame");
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WALKER = (StackWalker) open(frame.getDeclaredMethod("getStackWalker", Set.class))
                    .invoke(null, Set.of(Option.RETAIN_CLASS_REFERENCE));
            LOCALS = lookup.unreflect(open(frame.getMethod("getLocals")));
            OPERANDS = lookup.unreflect(open(frame.getMethod("getStack")));
            Field mode = Class.forName("java.lang.LiveStackFrameInfo").getDeclaredField("mode");
            mode.setAccessible(true);
            MODE = lookup.unreflectGetter(mode);
            LONG_VALUE = lookup.unreflect(open(Class.forName("java.lang.LiveStackFrame$PrimitiveSlot").getDeclaredMethod("longValue")));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new ExplorerError("the explorer needs the JVM options " + OPTIONS, e);
        }
    }

    private StackReader() {}

    private static Method open(Method method) {
        method.setAccessible(true);
        return method;
    }

    /**
     * {@return the frames between the caller's own at the top and its next at the bottom}
     *
     * @param isOwn tells the classes whose frames are the caller's
     */
    static List<StackFrame> frames(Predicate<Class<?>> isOwn) {
        return WALKER.walk(frames -> frames
                .dropWhile(frame -> frame.getDeclaringClass() == StackReader.class || isOwn.test(frame.getDeclaringClass()))
                .takeWhile(frame -> !isOwn.test(frame.getDeclaringClass()))
                .toList());
    }

    /** {@return the slots of a frame's local variables, of which only a verifier knows what they hold} */
    static Object[] locals(StackFrame frame) {
        return slots(LOCALS, frame);
    }

    /** {@return the slots of a frame's operands without those of the call in progress, the last to be pushed at the end} */
    static Object[] operands(StackFrame frame) {
        return slots(OPERANDS, frame);
    }

    private static Object[] slots(MethodHandle which, StackFrame frame) {
        try {
            if ((int) MODE.invoke(frame) != INTERPRETED) {
                throw new ExplorerError(frame + " was compiled: the explorer needs the JVM options " + OPTIONS);
            }
            return (Object[]) which.invoke(frame);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ExplorerError("cannot read " + frame, e);
        }
    }

    /** {@return what a slot holds that holds no reference} */
    static long primitive(Object slot) {
        try {
            return (long) LONG_VALUE.invoke(slot);
        } catch (Throwable e) {
            throw new ExplorerError("not a primitive: " + slot, e);
        }
    }
}
