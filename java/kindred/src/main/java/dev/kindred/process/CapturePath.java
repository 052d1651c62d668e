// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.os.Reflection;
import java.io.Externalizable;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the way from a task that could not be serialized to the object that is to blame.
 *
 * <p>The search follows what serialization follows: what a lambda captured, fields, elements, entries. It goes on from
 * the first part that cannot be serialized by itself to the first part of that which cannot, and so on. Nothing here
 * runs unless serialization has failed.
 */
final class CapturePath {

    private final StringBuilder path = new StringBuilder();
    private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    private Object culprit;

    /** Something that a step leads to, and how the step is written. */
    private record Step(String label, @Nullable Object target) {}

    private CapturePath(Object start) {
        this.culprit = start;
    }

    /** {@return the exception that tells why the task cannot travel} */
    static TaskNotSerializableException explain(ChildTask task, Exception failure) {
        CapturePath search = new CapturePath(task);
        search.begin(task);
        search.descend();
        String type = search.culprit.getClass().getName();
        return new TaskNotSerializableException(search.path.toString(), type, reason(search.culprit, failure), failure);
    }

    private static String reason(Object culprit, Exception failure) {
        String type = culprit.getClass().getTypeName();
        return culprit instanceof Serializable
                ? type + " cannot travel to a child: " + failure.getMessage()
                : type + " is not serializable, so that no child can get it";
    }

    /** The wrappers that hold a task with its arguments are this package's and not the user's concern. */
    private void begin(ChildTask task) {
        switch (task) {
            case TaskWithArgument<?> one -> choose(new Step("task", one.task()), new Step("argument", one.argument()));
            case TaskWithArguments<?, ?> two -> choose(
                    new Step("task", two.task()), new Step("argument[0]", two.first()),
                    new Step("argument[1]", two.second()));
            default -> path.append("task");
        }
    }

    private void choose(Step... steps) {
        for (Step step : steps) {
            if (step.target != null && !TaskWriter.accepts(step.target)) {
                path.append(step.label);
                culprit = step.target;
                return;
            }
        }
        path.append("task");
    }

    private void descend() {
        while (visited.add(culprit)) {
            Step next = firstBadStep(culprit);
            if (next == null || next.target == null) {
                return;
            }
            path.append(next.label);
            culprit = next.target;
        }
    }

    private @Nullable Step firstBadStep(Object from) {
        for (Step step : steps(from)) {
            if (step.target != null && !visited.contains(step.target) && !TaskWriter.accepts(step.target)) {
                return step;
            }
        }
        return null;
    }

    /** What serialization would go on to from here. */
    private static Deque<Step> steps(Object from) {
        Deque<Step> steps = new ArrayDeque<>();
        SerializedLambda lambda = serializedLambda(from);
        if (lambda != null) {
            addCaptures(lambda, steps);
        } else if (from instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                steps.add(new Step("[" + i + "]", array[i]));
            }
        } else if (from instanceof Collection<?> collection) {
            addElements(collection, steps);
        } else if (from instanceof Map<?, ?> map) {
            addEntries(map, steps);
        } else if (from instanceof Serializable && !(from instanceof Externalizable)) {
            addFields(from, steps);
        }
        return steps;
    }

    private static void addCaptures(SerializedLambda lambda, Deque<Step> steps) {
        CapturedNames names = CapturedNames.of(lambda);
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            steps.add(new Step(".captured[" + i + "]" + names.quoted(i), lambda.getCapturedArg(i)));
        }
    }

    private static void addElements(Collection<?> collection, Deque<Step> steps) {
        int index = 0;
        for (Object element : collection) {
            steps.add(new Step("[" + index++ + "]", element));
        }
    }

    private static void addEntries(Map<?, ?> map, Deque<Step> steps) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            steps.add(new Step(".key(" + entry.getKey() + ")", entry.getKey()));
            steps.add(new Step("[" + entry.getKey() + "]", entry.getValue()));
        }
    }

    private static void addFields(Object from, Deque<Step> steps) {
        Class<?> type = from.getClass();
        while (type != null && Serializable.class.isAssignableFrom(type)) {
            for (ObjectStreamField described : ObjectStreamClass.lookupAny(type).getFields()) {
                if (!described.isPrimitive()) {
                    addField(from, type, described.getName(), steps);
                }
            }
            type = type.getSuperclass();
        }
    }

    private static void addField(Object from, Class<?> type, String name, Deque<Step> steps) {
        try {
            Field field = type.getDeclaredField(name);
            steps.add(new Step(" -> " + type.getSimpleName() + "." + name, Reflection.get(field, from)));
        } catch (NoSuchFieldException onlyInTheStream) {
            // A class may write fields that it does not have; there is no object to go on to.
        }
    }

    /** {@return the form in which a lambda travels, or null if the object is none} */
    private static @Nullable SerializedLambda serializedLambda(Object object) {
        if (!object.getClass().isHidden() || !(object instanceof Serializable)) {
            return null;
        }
        try {
            Method writeReplace = object.getClass().getDeclaredMethod("writeReplace");
            return Reflection.invoke(writeReplace, object) instanceof SerializedLambda lambda ? lambda : null;
        } catch (NoSuchMethodException noLambda) {
            return null;
        }
    }
}
