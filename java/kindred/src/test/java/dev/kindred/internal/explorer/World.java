// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import dev.kindred.internal.words.Words;

/** A state as the conditions of a scenario see it. */
public interface World {

    /** {@return the int at an offset of the shared memory} */
    int getInt(long offset);

    /** {@return the long at an offset of the shared memory} */
    long getLong(long offset);

    /** {@return a copy of the shared memory, on which code of the library can be tried that waits for nobody} */
    Words copy();

    /** {@return what actors have recorded in common under a name with {@link Actor#add}} */
    long get(String name);

    /** {@return what an actor has recorded of itself under a name with {@link Actor#set}; 0 if it has died} */
    long get(String actor, String name);

    /** {@return what all living actors have recorded of themselves under a name with {@link Actor#set}, added up} */
    long sum(String name);

    /** {@return whether a process holds a lock of the kernel's; one with a single actor is called like that} */
    boolean holds(String process, long lock);

    /** {@return whether any process holds a lock of the kernel's} */
    boolean isLocked(long lock);

    /** {@return how many processes have been killed} */
    int deaths();

    /** {@return whether the process of an actor lives, be it stopped} */
    boolean isAlive(String actor);

    /** {@return whether the process of an actor is stopped} */
    boolean isStopped(String actor);

    /** {@return whether an actor lives and has done all that it had to do} */
    boolean isFinished(String actor);

    /** {@return whether an actor lives and sleeps} */
    boolean isAsleep(String actor);
}
