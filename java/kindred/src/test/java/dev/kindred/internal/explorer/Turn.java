// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Predicate;

import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/** A state, or one in the making: the memory, and where each actor stands. */
final class Turn implements Ledger {

    /** Where a dead actor stands. */
    static final int DEAD = -1;

    /** Where an actor stands that is stopped. */
    static final int STOPPED = -2;

    /** The number of a memory that has been changed. */
    static final int CHANGED = -1;

    /** An actor that goes on with an answer. */
    record Going(int actor, Point from, long answer) {}

    private final Cast cast;
    private final Program[] programs;
    private final int[] at;
    private Memory memory;

    /** The number of the memory among those of all states, {@link #CHANGED} if it is not one of them as far as is known. */
    private int memoryNumber;

    /** Whether nobody else has the memory, so that it can be changed. */
    private boolean isOwn;

    /** Those who are still to go on before this is a state; null if there were never any, as most often. */
    private @Nullable Deque<Going> going;

    /** Whether it was asked where actors stand, and not only what the memory holds and who lives. */
    private boolean isAskedWhereActorsStand;

    /**
     * A state.
     *
     * @param at     where each actor stands: twice the number of its point, and one more if it sleeps; or {@link #DEAD} or {@link #STOPPED}
     * @param memory which is copied before it is changed
     * @param memoryNumber its number
     */
    Turn(Cast cast, Program[] programs, int[] at, Memory memory, int memoryNumber) {
        this.cast = cast;
        this.programs = programs;
        this.at = at;
        this.memory = memory;
        this.memoryNumber = memoryNumber;
    }

    /** {@return an independent copy} */
    Turn fork() {
        Turn fork = new Turn(cast, programs, at.clone(), memory, memoryNumber);
        isOwn = false;
        if (going != null && !going.isEmpty()) {
            fork.going = new ArrayDeque<>(going);
        }
        return fork;
    }

    int[] at() {
        return at;
    }

    Memory memory() {
        return memory;
    }

    int memoryNumber() {
        return memoryNumber;
    }

    Memory writableMemory() {
        if (!isOwn) {
            memory = memory.copy();
            memoryNumber = CHANGED;
            isOwn = true;
        }
        return memory;
    }

    /** Says that an actor is still to go on. */
    void add(Going actor) {
        if (going == null) {
            going = new ArrayDeque<>(2);
        }
        going.add(actor);
    }

    /** {@return one who is still to go on, who is then no more} Null if all have gone on. */
    @Nullable Going nextGoing() {
        return going == null ? null : going.poll();
    }

    /** Asks a condition about this state. */
    boolean satisfies(Predicate<World> condition) {
        isAskedWhereActorsStand = false;
        return condition.test(this);
    }

    /** {@return whether the last condition asked where actors stand, and not only what the memory holds and who lives or is stopped} */
    boolean isAskedWhereActorsStand() {
        return isAskedWhereActorsStand;
    }

    boolean isDead(int actor) {
        return at[actor] == DEAD;
    }

    /** {@return whether an actor is neither dead nor stopped} */
    boolean runs(int actor) {
        return at[actor] >= 0;
    }

    boolean isAsleep(int actor) {
        return runs(actor) && (at[actor] & 1) != 0;
    }

    Point point(int actor) {
        return programs[actor].point(at[actor] >> 1);
    }

    boolean isFinished(int actor) {
        return runs(actor) && point(actor).operation() instanceof Operation.Finish;
    }

    void stand(int actor, Point point) {
        at[actor] = point.number() << 1;
    }

    void sleep(int actor) {
        at[actor] |= 1;
    }

    boolean isDead(Cast.Process process) {
        return at[cast.first(process).index()] == DEAD;
    }

    boolean isStopped(Cast.Process process) {
        return at[cast.first(process).index()] == STOPPED;
    }

    void stop(Cast.Process process) {
        for (Cast.Role role : cast.roles()) {
            if (role.process() == process) {
                at[role.index()] = STOPPED;
            }
        }
    }

    /** {@return the latest time by any clock} */
    long latest() {
        long latest = 0;
        for (int actor = 0; actor < at.length; actor++) {
            latest = Math.max(latest, memory.getLong(Places.clock(actor)));
        }
        return latest;
    }

    /** {@return whether a process holds locks of the kernel's} */
    boolean holdsLocks(Cast.Process process) {
        return memory.contains(Places.LOCKS, Places.GATES, process.index() + 1);
    }

    /** Ends the locks of the kernel's that a process holds. */
    void endLocks(Cast.Process process) {
        writableMemory().clear(Places.LOCKS, Places.GATES, process.index() + 1);
    }

    /** {@return how often something was to be learned of a death: that a process was killed, that its locks have ended} */
    int newsOfDeaths() {
        int news = 0;
        for (Cast.Process process : cast.processes()) {
            if (isDead(process)) {
                news += holdsLocks(process) ? 1 : 2;
            }
        }
        return news;
    }

    /** Ends a process, with all that was recorded of its actors. */
    void kill(Cast.Process process) {
        Memory changed = writableMemory();
        for (Cast.Role role : cast.roles()) {
            if (role.process() == process) {
                at[role.index()] = DEAD;
                changed.clear(Places.GATES, Places.OWN, role.index() + 1);
                changed.zero(Places.clock(role.index()), Places.ownLength());
            }
        }
    }

    @Override
    public int getInt(long offset) {
        return memory.getInt(offset);
    }

    @Override
    public long getLong(long offset) {
        return memory.getLong(offset);
    }

    @Override
    public Words copy() {
        return new LoneActor(memory.copy(), cast.epochOffset(), false, AssertionError::new).words();
    }

    @Override
    public long get(String name) {
        return memory.getLong(cast.places().common(name));
    }

    @Override
    public long get(String actor, String name) {
        return memory.getLong(cast.places().own(cast.role(actor).index(), name));
    }

    @Override
    public long sum(String name) {
        long sum = 0;
        for (int actor = 0; actor < at.length; actor++) {
            sum += memory.getLong(cast.places().own(actor, name));
        }
        return sum;
    }

    @Override
    public void add(String name, long delta) {
        writableMemory().setLong(cast.places().common(name), get(name) + delta);
    }

    @Override
    public boolean holds(String process, long lock) {
        long holder = memory.getLong(Places.lock(lock));
        return holder != 0 && cast.processes().get((int) holder - 1).name().equals(process);
    }

    @Override
    public boolean isLocked(long lock) {
        return memory.getLong(Places.lock(lock)) != 0;
    }

    @Override
    public void setInt(long offset, int value) {
        writableMemory().setInt(offset, value);
    }

    @Override
    public int deaths() {
        int deaths = 0;
        for (Cast.Process process : cast.processes()) {
            deaths += isDead(process) ? 1 : 0;
        }
        return deaths;
    }

    /** {@return which processes live, are stopped or dead, as a number that is the same only if that is} */
    long lives() {
        long lives = 0;
        for (Cast.Process process : cast.processes()) {
            lives = lives * 3 + (isDead(process) ? 2 : isStopped(process) ? 1 : 0);
        }
        return lives;
    }

    int stops() {
        int stops = 0;
        for (Cast.Process process : cast.processes()) {
            stops += isStopped(process) ? 1 : 0;
        }
        return stops;
    }

    @Override
    public boolean isAlive(String actor) {
        return !isDead(cast.role(actor).index());
    }

    @Override
    public boolean isStopped(String actor) {
        return at[cast.role(actor).index()] == STOPPED;
    }

    @Override
    public boolean isFinished(String actor) {
        isAskedWhereActorsStand = true;
        return isFinished(cast.role(actor).index());
    }

    @Override
    public boolean isAsleep(String actor) {
        isAskedWhereActorsStand = true;
        return isAsleep(cast.role(actor).index());
    }

    @Override
    public String toString() {
        return Arrays.toString(at);
    }
}
