// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

/**
 * Thrown when something of a named space is used after this process has left the space: everybody in this process who had opened it has
 * closed it, or the JVM is ending. The caller holds nothing. A call that had begun before may have done something; for the others that is
 * as if the caller's process had died at it.
 */
public class SpaceClosedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param space the space's name
     */
    public SpaceClosedException(String space) {
        super("this process has left the space '" + space
                + "': its objects cannot be used any more; open it again, and open them again in it");
    }
}
