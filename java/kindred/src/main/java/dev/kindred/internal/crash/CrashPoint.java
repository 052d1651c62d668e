// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.crash;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kindred.internal.os.Processes;
import org.jspecify.annotations.Nullable;

/**
 * The steps of the algorithms at which a test makes its process die or stop.
 *
 * <p>Switched on for a whole JVM by {@code -Dkindred.crash=POINT:n:KILL} (or {@code :STOP}): the n-th passing of the point, counted from 1,
 * sends the signal to this process. With {@code :LATER} at the end of that the passings are counted from {@link #countFromHere} on. Switched
 * off, which is a constant for the compiler, a point costs nothing.
 */
public enum CrashPoint {
    /** A waiter has announced in shared memory that it sleeps, and is about to. */
    WAIT_ANNOUNCED,
    /** A waiter was woken and has not looked at the word yet. */
    WAIT_WOKEN,

    /** The mutex is held; nothing has been done under it. */
    MUTEX_ACQUIRED,
    /** The mutex is free, its sleepers have not been woken. */
    MUTEX_FREED,
    /** A dead owner's mutex was taken over. */
    MUTEX_TAKEN_OVER,

    /** A process has a node for its waiters, none of whom is counted yet. */
    CONDITION_NODE_TAKEN,
    /** A waiter is counted, and still holds the lock. */
    CONDITION_ENTERED,
    /** Waiters of a process are released, and have not been woken. */
    CONDITION_GRANTED,
    /** A waiter holds the lock again, and is still counted if it was not released. */
    CONDITION_REACQUIRED,
    /** A waiter is not counted any more; the next of its process has not been woken, or its process still has the node. */
    CONDITION_LEFT,
    /** A process has given its node back, and still holds the lock. */
    CONDITION_NODE_FREED,

    /** The event is set, its sleepers have not been woken. */
    EVENT_SET,
    /** The event is cleared. */
    EVENT_CLEARED,

    /** A process is one of the barrier's. */
    BARRIER_REGISTERED,
    /** A party has come to the barrier, and is about to wait. */
    BARRIER_ARRIVED,
    /** All have come to the barrier, the action has not begun. */
    BARRIER_ACTION_BEGUN,
    /** The action was run, the round is not complete yet. */
    BARRIER_ACTION_PERFORMED,
    /** A round is complete, its sleepers have not been woken. */
    BARRIER_COMPLETED,
    /** A round is broken, its sleepers have not been woken. */
    BARRIER_BROKEN,
    /** Who resets the barrier has struck out the dead; the round is broken still. */
    BARRIER_DEAD_FORGOTTEN,
    /** A new round has begun after a broken one, the sleepers have not been woken. */
    BARRIER_RESET,

    /** A permit of the semaphore is taken; nothing has been done with it. */
    SEMAPHORE_ACQUIRED,
    /** A waiter for the semaphore is counted as such, and has not announced anything else. */
    SEMAPHORE_REGISTERED,
    /** A waiter that goes without a permit is not counted any more. */
    SEMAPHORE_WITHDRAWN,
    /** Permits were added to the semaphore, its sleepers have not been woken. */
    SEMAPHORE_RELEASED,

    /** A permit is taken: its cell names this process. */
    PERMIT_ACQUIRED,
    /** A dead process's permit was taken: its cell names this process. */
    PERMIT_INHERITED,
    /** A waiter that has slept holds a permit, and has marked that others may be asleep; it has not looked whether they need sleep. */
    PERMIT_MARKED,
    /** A permit is given back, nobody has been told. */
    PERMIT_FREED,
    /** The change is told in shared memory, the sleepers have not been woken. */
    PERMIT_ANNOUNCED,

    /** Who puts holds the ring's lock and room for what it puts; nothing is written. */
    RING_CLAIMED,
    /** What is put is written in the ring, and not published. */
    RING_WRITTEN,
    /** It is published, the ring's lock still held. */
    RING_PUBLISHED,
    /** A record is published and the tail behind it, the ring's lock still held. */
    RING_TAIL_MOVED,
    /** It is published and the lock released; who waits for it has not been told. */
    RING_PUT_UNTOLD,
    /** Who takes holds the ring's lock and has seen that there is something. */
    RING_FOUND,
    /** It is taken out, the ring's lock still held. */
    RING_TAKEN,
    /** It is taken out and the lock released; who waits for room has not been told. */
    RING_TAKE_UNTOLD,
    /** Those who wait for an element or for room are told so in their event count, and have not been woken. */
    RING_CHANGE_TOLD,

    /** An element that is kept until it is done names the process that takes it, which has not taken it. */
    JOINABLE_WORKER_NAMED,
    /** An element that is done is gone; who waits for that has not been told. */
    JOINABLE_COLLECTED,
    /** That an element was lost with its taker is announced, and not counted. */
    JOINABLE_LOSS_ANNOUNCED,
    /** It is counted, and still there. */
    JOINABLE_LOSS_COUNTED,
    /** It is gone, and still announced. */
    JOINABLE_LOSS_COLLECTED,

    /** The joiner holds the lease of a slot. */
    JOIN_LEASED,
    /** The joiner has raised the slot's generation. */
    JOIN_GENERATION_RAISED,
    /** The joiner holds the live byte, the slot is not live yet. */
    JOIN_LIVE_BYTE_TAKEN,
    /** The slot is live. */
    JOIN_LIVE,

    /** The kernel's mark in the life word of a process that ends was seen; the others have not been told, and nothing has been done. */
    RECOVERY_END_SEEN,
    /** A dead slot is marked so. */
    RECOVERY_MARKED_DEAD,
    /** The death epoch was raised, the sleepers have not been woken. */
    RECOVERY_EPOCH_RAISED,
    /** The sleepers have been woken. */
    RECOVERY_SLEEPERS_WOKEN,
    /** The recoverer holds the lease of the dead slot. */
    RECOVERY_LEASED,
    /** What the dead process could reach has been let go. */
    RECOVERY_SPACE_RECOVERED,

    /** A run of granules was found, nothing is written. */
    SPACE_RUN_FOUND,
    /** The intent to allocate is written. */
    SPACE_ALLOCATION_INTENDED,
    /** The pages of the run are reserved. */
    SPACE_RUN_RESERVED,
    /** The granules are taken. */
    SPACE_GRANULES_TAKEN,
    /** The block is marked as reachable by this process, the intent still stands. */
    SPACE_BLOCK_MARKED,
    /** The block is allocated, the space's lock still held. */
    SPACE_ALLOCATED,
    /** The intent to release is written. */
    SPACE_RELEASE_INTENDED,
    /** The releasing process's mark is gone, the intent still stands. */
    SPACE_MARK_CLEARED,
    /** The granules are free, the intent still stands. */
    SPACE_GRANULES_FREED,
    /** Pages have gone back to the system, the intent still stands. */
    SPACE_PAGES_RETURNED,
    /** A region was added, its number is not published yet. */
    SPACE_REGION_PREPARED,
    /** A region was taken off the end, its pages are not returned yet. */
    SPACE_REGION_DROPPED,
    /** A child has marked a block that its parent passed on. */
    SPACE_ADOPTED,
    /** It is written in a block where among its holder's parcels it will be. */
    SPACE_PARCEL_PREPARED,
    /** The intent to make it a parcel is written. */
    SPACE_CONSIGNMENT_INTENDED,
    /** The parcel is one of its holder's, and marked as its maker's still. */
    SPACE_PARCEL_LINKED,
    /** The parcel is marked as such and as its maker's. */
    SPACE_PARCEL_MARKED,
    /** The intent to take a parcel from its holder is written. */
    SPACE_COLLECTION_INTENDED,
    /** The parcel is none of its holder's any more, and marked still. */
    SPACE_PARCEL_UNLINKED,

    /** The file of a shared memory that is to have a name is there, without one and empty. */
    MEMORY_FILE_MADE,
    /** It has its size, and no room is reserved. */
    MEMORY_SIZED,
    /** Its room is reserved. */
    MEMORY_RESERVED,
    /** It is mapped. */
    MEMORY_MAPPED,
    /** Its content is half written, and it has no name yet. */
    MEMORY_CONTENT_BEGUN,
    /** Its content is complete, and it has no name yet. */
    MEMORY_CONTENT_WRITTEN,
    /** It has its name, and all else: others can open it. */
    MEMORY_NAMED,

    /** The file of a named space was looked for, and opened if it was there. */
    NAMED_LOOKED_FOR,
    /** The file of a new named space is whole and its maker has joined; it has no name. */
    NAMED_PREPARED,
    /** The maker has published the file, or found that another had been first. */
    NAMED_PUBLISHED,
    /** A process has joined a named space and not looked at the door. */
    NAMED_JOINED,
    /** Whoever entered has opened a door that another had begun to close, or had died closing. */
    NAMED_DOOR_OPENED,
    /** A process that leaves a named space has taken itself out of those that live; nobody was told. */
    NAMED_LEFT,
    /** A process that leaves has written its id on the door, and not looked whether others are in. */
    NAMED_DOOR_CLAIMED,
    /** The last to leave has closed the door; the name is still there. */
    NAMED_DOOR_CLOSED,
    /** The name is removed. */
    NAMED_REMOVED,
    /** A process that leaves is done with the door, and still has the file. */
    NAMED_LEAVING,

    /** The entry of a new named object is written, but stands for nothing yet. */
    NAMED_ENTRY_WRITTEN,
    /** The intent to publish the entry is written. */
    NAMED_ENTRY_INTENDED,
    /** The object's block is kept by the directory. */
    NAMED_BLOCK_KEPT,
    /** The entry is published, the intent still stands. */
    NAMED_ENTRY_PUBLISHED,
    /** The intent to remove an entry is written. */
    NAMED_REMOVAL_INTENDED,
    /** The entry is gone, the intent still stands. */
    NAMED_ENTRY_REMOVED;

    private record Plan(String point, int passing, int signal, AtomicInteger passed, AtomicBoolean counting) {}

    private static final String LATER = "LATER";

    private static final @Nullable Plan PLAN = plan(System.getProperty("kindred.crash"));

    private static @Nullable Plan plan(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String[] parts = text.split(":", -1);
        boolean later = parts.length == 4 && parts[3].equals(LATER);
        if ((parts.length != 3 && !later) || !(parts[2].equals("KILL") || parts[2].equals("STOP"))) {
            throw new IllegalArgumentException("kindred.crash=" + text + ": expected POINT:passing:KILL or POINT:passing:STOP, and perhaps :" + LATER);
        }
        int signal = parts[2].equals("KILL") ? Processes.SIGKILL : Processes.SIGSTOP;
        return new Plan(valueOf(parts[0]).name(), Integer.parseInt(parts[1]), signal, new AtomicInteger(), new AtomicBoolean(!later));
    }

    /**
     * Begins to count the passings, in a process that was asked to do so {@code :LATER}. Before, a process passes points that a test does not
     * think of: it recovers another that has just died, or meets another that allocates memory, too.
     */
    public static void countFromHere() {
        if (PLAN != null) {
            PLAN.counting.set(true);
        }
    }

    /** Dies or stops here if this is the passing that was asked for. */
    public void pass() {
        if (PLAN != null) {
            act(PLAN);
        }
    }

    private void act(Plan plan) {
        if (name().equals(plan.point) && plan.counting.get() && plan.passed.incrementAndGet() == plan.passing) {
            Processes.raise(plan.signal);
        }
    }
}
