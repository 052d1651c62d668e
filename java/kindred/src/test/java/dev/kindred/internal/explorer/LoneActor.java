// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.function.Supplier;

import dev.kindred.internal.words.Words;

/**
 * The only actor there is at a time: what it does, it does at once, and it can be killed at any step that others could see. Where that is
 * enough, it takes a test no explorer, and long operations.
 */
public final class LoneActor implements Performer {

    private final Memory memory;
    private final long epochOffset;
    private final boolean holes;
    private final Supplier<? extends Error> death;
    private long stepsToLive = Long.MAX_VALUE;
    private boolean dead;

    LoneActor(Memory memory, long epochOffset, boolean holes, Supplier<? extends Error> death) {
        this.memory = memory;
        this.epochOffset = epochOffset;
        this.holes = holes;
        this.death = death;
    }

    /**
     * An actor on a memory that is all a hole.
     *
     * @param death what is thrown at the step at which it dies, and at each that it would take afterwards, in finally blocks for example
     */
    public LoneActor(long epochOffset, Supplier<? extends Error> death) {
        this(new Memory(), epochOffset, true, death);
    }

    /** {@return an actor that lives, on a copy of the memory} */
    public LoneActor copy() {
        return new LoneActor(memory.copy(), epochOffset, holes, death);
    }

    /** {@return the shared memory} */
    public Words words() {
        return new ActorWords(this, epochOffset, 0);
    }

    /** Lets whoever acts next die instead of taking step {@code steps}, counted from 0. */
    public void killAt(long steps) {
        stepsToLive = steps;
        dead = false;
    }

    /** One step that others can see. */
    public void step() {
        if (dead || stepsToLive-- == 0) {
            dead = true;
            throw death.get();
        }
    }

    /** Makes a range of the memory touchable. */
    public void reserve(long offset, long length) {
        perform(new Operation.Reserve(offset, length));
    }

    /** Makes pages of the memory a hole. */
    public void punch(long offset, long length) {
        perform(new Operation.Punch(offset, length));
    }

    @Override
    public long perform(Operation operation) {
        if (dead) {
            throw death.get();
        }
        return switch (operation) {
            case Operation.Access access -> perform(access);
            case Operation.Wake _, Operation.WakeAll _, Operation.Pause _ -> {
                step();
                yield 0;
            }
            case Operation.Now _, Operation.EnterGate _, Operation.LeaveGate _ -> 0;
            default -> throw new Violation("the only actor waits: " + operation);
        };
    }

    private long perform(Operation.Access access) {
        if (holes) {
            memory.requirePages(access);
        }
        if (changesSomething(access)) {
            step();
        }
        return access.perform(memory);
    }

    private boolean changesSomething(Operation.Access access) {
        boolean fails = access instanceof Operation.CompareAndSet set
                && new Operation.Load(set.offset(), set.length()).perform(memory) != set.expected();
        return !access.isRead() && !fails;
    }
}
