// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

import static dev.kindred.internal.ring.Ring.DONE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.ParcelLayout;
import dev.kindred.internal.space.Parcels;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/** Elements that are bytes and stay, each a parcel, until the process that took them says that it is done with them ({@link JoinableRing}). */
public final class JoinableElements implements ElementStore {

    /** What a thread of this process has taken and not done. */
    private record Taken(Thread thread, long parcel) {}

    private final Block block;
    private final MemorySegment memory;
    private final Parcels parcels;
    private final JoinableRing ring;

    /** In the order in which they were taken. */
    private final Deque<Taken> taken = new ArrayDeque<>();

    /** Looks at the elements in a block, which is initialised. */
    public JoinableElements(Block block) {
        this.block = block;
        this.memory = block.memory();
        this.parcels = block.space().parcels(block);
        this.ring = new JoinableRing(block, parcels);
    }

    /** {@return how many bytes the block needs} */
    public static long size(int elements) {
        return JoinableRing.size(elements);
    }

    /**
     * Makes zeros a queue without elements, before anybody else can reach them.
     *
     * @param elements      the most elements, those not counted that were taken
     * @param handsOutAgain whether what a process had taken that died is handed out again; else it is lost
     */
    public static void initialize(Words words, long offset, int elements, boolean handsOutAgain) {
        JoinableRing.initialize(words, offset, elements, handsOutAgain);
    }

    @Override
    public int put(byte[] bytes, int from, int length, long deadline, boolean interruptible) {
        long parcel = parcels.make(length);
        boolean consigned = false;
        try {
            MemorySegment.copy(bytes, from, memory, ValueLayout.JAVA_BYTE, parcel + ParcelLayout.CONTENT, length);
            int outcome = ring.claimForParcel(deadline, interruptible);
            if (outcome == DONE) {
                ring.consign(parcel);
                consigned = true;
            }
            return outcome;
        } finally {
            if (!consigned) {
                parcels.discard(parcel);
            }
            Reference.reachabilityFence(block);
        }
    }

    @Override
    public int find(long deadline, boolean interruptible) {
        return ring.find(deadline, interruptible);
    }

    private byte[] copy() {
        long parcel = ring.foundParcel();
        byte[] bytes = new byte[(int) parcels.bytes(parcel)];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, parcel + ParcelLayout.CONTENT, bytes, 0, bytes.length);
        return bytes;
    }

    @Override
    public byte[] takeFound() {
        try {
            long parcel = ring.foundParcel();
            byte[] bytes = peek(false);
            synchronized (taken) {
                taken.addLast(new Taken(Thread.currentThread(), parcel));
            }
            ring.work();
            ring.takeAsWorker();
            return bytes;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** One after the other: each is named as taken before the next is looked at. */
    @Override
    public void takeFound(int most, List<byte[]> copies) {
        copies.add(takeFound());
        int before = copies.size() - 1;
        while (copies.size() - before < most && find(Words.AT_ONCE, false) == DONE) {
            copies.add(takeFound());
        }
    }

    @Override
    public byte[] peekAtFound() {
        return peek(true);
    }

    private byte[] peek(boolean leave) {
        boolean copied = false;
        try {
            byte[] bytes = copy();
            copied = true;
            return bytes;
        } finally {
            if (leave || !copied) {
                ring.cancelFind();
            }
        }
    }

    @Override
    public void peekAtAll(List<byte[]> copies) {
        try {
            boolean more = true;
            while (more) {
                copies.add(copy());
                more = ring.findBehind();
            }
        } finally {
            ring.cancelFind();
        }
    }

    @Override
    public Ring ring() {
        return ring;
    }

    /**
     * Says that this process is done with an element: with the first that the calling thread has taken, or if it has none, with the first that any has.
     *
     * @return whether there was one
     */
    public boolean done() {
        long parcel;
        synchronized (taken) {
            Taken mine = firstOf(Thread.currentThread());
            Taken which = mine == null ? taken.peekFirst() : mine;
            if (which == null) {
                return false;
            }
            boolean _ = taken.remove(which);
            parcel = which.parcel();
        }
        try {
            ring.done(parcel);
        } finally {
            Reference.reachabilityFence(block);
        }
        return true;
    }

    private @Nullable Taken firstOf(Thread thread) {
        for (Taken each : taken) {
            if (each.thread().equals(thread)) {
                return each;
            }
        }
        return null;
    }

    /**
     * Waits until all elements that were put are done.
     *
     * @return as {@link Ring#beginTake}
     */
    public int join(long deadline, boolean interruptible) {
        try {
            return ring.join(deadline, interruptible);
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /** {@return what was lost with which processes} */
    public List<Loss> losses() {
        try {
            return ring.losses();
        } finally {
            Reference.reachabilityFence(block);
        }
    }
}
