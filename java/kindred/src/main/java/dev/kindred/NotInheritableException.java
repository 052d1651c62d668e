// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

import java.io.NotSerializableException;

/**
 * Thrown when an object that children inherit is serialized while no child is being started.
 *
 * <p>Locks, values, arrays and the like travel only from a parent to the child it starts, as captures or arguments of the
 * child's task. Into a file, a socket, a queue or a pool's task they cannot go, because what is in there may outlive them or reach a process
 * that has no part in them. Unrelated processes share such objects by their names in a {@link Space}.
 */
public class NotInheritableException extends NotSerializableException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param type the type of the object that was to travel
     */
    public NotInheritableException(Class<?> type) {
        super(type.getName() + " objects are shared with child processes only by inheritance: capture it in a child's task or pass it as an "
                + "argument when the child is started");
    }

    /**
     * Creates one.
     *
     * @param type the type of the object that was to travel
     * @param ways the ways in which it can, and why this is none of them
     */
    public NotInheritableException(Class<?> type, String ways) {
        super(type.getName() + " objects " + ways);
    }
}
