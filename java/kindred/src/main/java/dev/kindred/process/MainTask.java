// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the main method of a class, which the child finds by name.
 *
 * @param mainClass the class's name
 * @param arguments what its main method gets
 */
record MainTask(String mainClass, List<String> arguments) implements ChildTask {

    /** Checks in the parent what would else fail in the child. */
    static MainTask of(Class<?> mainClass, String... arguments) {
        mainMethod(mainClass);
        return new MainTask(mainClass.getName(), List.of(arguments));
    }

    @Override
    public void run() throws Exception {
        Method main = mainMethod(Class.forName(mainClass, true, Thread.currentThread().getContextClassLoader()));
        try {
            if (main.getParameterCount() == 0) {
                main.invoke(null);
            } else {
                main.invoke(null, (Object) arguments.toArray(String[]::new));
            }
        } catch (InvocationTargetException e) {
            throw unwrap(e);
        }
    }

    private static Exception unwrap(InvocationTargetException wrapped) {
        return switch (wrapped.getCause()) {
            case Error error -> throw error;
            case Exception exception -> exception;
            case null, default -> wrapped;
        };
    }

    private static Method mainMethod(Class<?> type) {
        Method main = find(type, String[].class);
        if (main == null) {
            main = find(type);
        }
        if (main == null) {
            throw new IllegalArgumentException(type.getName()
                    + " has no method 'static void main(String[])' or 'static void main()'");
        }
        try {
            main.setAccessible(true);
        } catch (InaccessibleObjectException e) {
            throw new IllegalArgumentException("the main method of " + type.getName()
                    + " is out of reach: make class and method public and "
                    + "export package " + type.getPackageName() + ", or open it to module dev.kindred", e);
        }
        return main;
    }

    private static @Nullable Method find(Class<?> type, Class<?>... parameters) {
        try {
            Method method = type.getDeclaredMethod("main", parameters);
            boolean fits = Modifier.isStatic(method.getModifiers()) && !Modifier.isPrivate(method.getModifiers());
            return fits ? method : null;
        } catch (NoSuchMethodException absent) {
            return null;
        }
    }
}
