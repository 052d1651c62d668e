// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

/**
 * Thrown when a child's task cannot travel because something it captures, or an argument, cannot be serialized. Nothing
 * has been started.
 *
 * <p>The message names the way from the task to the object in question and the object's type, for example
 * {@code task.captured[1] 'holder' -> Holder.socket: java.net.Socket is not serializable}. The name in quotes is that
 * of the captured variable, where the class file still has it.
 */
public final class TaskNotSerializableException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /** The way from the task to the object. */
    private final String path;

    /** The name of the object's class. */
    private final String typeName;

    TaskNotSerializableException(String path, String typeName, String reason, Throwable cause) {
        super(path + ": " + reason, cause);
        this.path = path;
        this.typeName = typeName;
    }

    /**
     * {@return the way from the task to the object that cannot travel, for example {@code task.captured[0] 'x' ->
     * Holder.socket}}
     */
    public String path() {
        return path;
    }

    /** {@return the name of the class of the object that cannot travel} */
    public String typeName() {
        return typeName;
    }
}
