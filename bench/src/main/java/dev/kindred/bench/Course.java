// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.io.Serializable;

/**
 * The course of rounds that several processes play together, in memory that they share.
 *
 * @param stage goes up from round to round
 * @param ready how often others were ready
 * @param ended how often others had ended
 */
public record Course(Counter stage, Counter ready, Counter ended) implements Serializable {

    /** A number in shared memory, 0 at first, which has a cache line of its own. */
    public interface Counter extends Serializable {

        /** {@return the number} */
        long get();

        /** Sets the number. */
        void set(long number);

        /** Adds one, atomically. */
        void increment();
    }

    /** What a process does in a round. */
    @FunctionalInterface
    public interface Part {

        /**
         * Plays it.
         *
         * @throws Exception if it cannot be played
         */
        void play() throws Exception;
    }

    /** How often another process, between the rounds, looks whether the next begins: seldom, so that it does not disturb whoever plays then. */
    private static final long IDLE_MILLISECONDS = 10;

    /** The stages of a round. */
    private static final int CALLED = 1;
    private static final int GO = 2;
    private static final int STAGES = 2;

    /**
     * Plays a round as process 0.
     *
     * @param round  counted from 0
     * @param others how many other processes there are
     * @param part   of this process
     * @return how many nanoseconds passed from the moment all began until all had ended
     * @throws Exception what {@code part} throws
     */
    public double play(long round, int others, Part part) throws Exception {
        stage.set(round * STAGES + CALLED);
        await(ready, (round + 1) * others);
        long start = System.nanoTime();
        stage.set(round * STAGES + GO);
        part.play();
        await(ended, (round + 1) * others);
        return System.nanoTime() - start;
    }

    private static void await(Counter counter, long wanted) {
        while (counter.get() < wanted) {
            // More processes than cores may be playing.
            Thread.yield();
        }
    }

    /**
     * Plays round after round as another process, for ever.
     *
     * @param part of that process
     * @throws Exception what {@code part} throws
     */
    public void follow(Part part) throws Exception {
        for (long first = 0;; first += STAGES) {
            while (stage.get() < first + CALLED) {
                Thread.sleep(IDLE_MILLISECONDS);
            }
            ready.increment();
            while (stage.get() < first + GO) {
                Thread.onSpinWait();
            }
            part.play();
            ended.increment();
        }
    }
}
