// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.function.Predicate;

import dev.kindred.internal.words.Words;

/**
 * What the code of an actor is given: the shared memory as its process sees it, the kernel's locks, and a record for the scenario's
 * conditions.
 *
 * <p>What it records happens together with the access before it; it is no step at which others come in between or anybody dies.
 */
public final class Actor implements Simulated {

    private final Performer performer;
    private final Cast.Role role;
    private final Cast cast;

    Actor(Performer performer, Cast.Role role, Cast cast) {
        this.performer = performer;
        this.role = role;
        this.cast = cast;
    }

    @Override
    public long identity() {
        return role.index();
    }

    /** {@return the actor's name} */
    public String name() {
        return role.name();
    }

    /** {@return the shared memory} All gates that it gives out to the actors of one process are one gate. */
    public Words words() {
        return words("");
    }

    /**
     * {@return the shared memory, as one object of the actor's process works on it} Each actor has a copy of the object for itself; the
     * gates of all copies are one gate.
     *
     * @param object what tells it from the other objects of the process that have gates
     */
    public Words words(String object) {
        return new ActorWords(performer, cast.epochOffset(), cast.places().gate(role.process().index(), object));
    }

    /** Makes a range of the memory touchable. */
    public void reserve(long offset, long length) {
        performer.perform(new Operation.Reserve(offset, length));
    }

    /** Makes pages of the memory a hole. */
    public void punch(long offset, long length) {
        performer.perform(new Operation.Punch(offset, length));
    }

    /** Takes a lock of the kernel's, which ends with the process. {@return false if it is held} */
    public boolean tryLock(long key) {
        return performer.perform(new Operation.TryLock(key, role.process().index())) != 0;
    }

    /** Lets go of a lock of the kernel's. */
    public void unlock(long key) {
        performer.perform(new Operation.Unlock(key));
    }

    /** {@return whether some process holds a lock of the kernel's} */
    public boolean isLocked(long key) {
        return performer.perform(new Operation.IsLocked(key)) != 0;
    }

    /** Waits until something is so. The condition looks at the world only, and at values that the caller has at hand. */
    public void until(String what, Predicate<World> condition) {
        performer.perform(new Operation.Until(what, condition));
    }

    /** {@return the number of this actor's process} */
    public int process() {
        return role.process().index();
    }

    /** {@return whether a process was killed, whatever the kernel has still to do with it} */
    public boolean hasEnded(int process) {
        return performer.perform(new Operation.HasEnded(process)) != 0;
    }

    /**
     * Waits until there is more news of deaths than {@code seen}: one that a process was killed, one that its locks have ended. {@return
     * how much news there is}
     */
    public int awaitDeath(int seen) {
        return (int) performer.perform(new Operation.AwaitDeath(seen));
    }

    /** Does nothing, in a step of its own. */
    public void pause(String what) {
        performer.perform(new Operation.Pause(what));
    }

    /** Records something of this actor that is forgotten when it dies. */
    public void set(String name, long value) {
        performer.perform(new Operation.Record(name, cast.places().own(role.index(), name), false, value));
    }

    /** {@return what this actor has recorded of itself} */
    public long get(String name) {
        return performer.perform(new Operation.Record(name, cast.places().own(role.index(), name), true, 0));
    }

    /** Adds to what all have recorded in common. {@return what it is then} */
    public long add(String name, long delta) {
        return performer.perform(new Operation.Record(name, cast.places().common(name), true, delta));
    }

    /** Says that something is wrong if it is not so. */
    public static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }
}
