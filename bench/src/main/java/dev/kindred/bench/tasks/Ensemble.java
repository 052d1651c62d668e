// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.bench.Pinning;
import dev.kindred.memory.RawValue;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildProcessBuilder;

/**
 * Several processes that play rounds together: process 0 is this one, the others are its children. Process i is pinned to core i of the two, in
 * turns.
 *
 * @param <S> what they share
 */
final class Ensemble<S extends Serializable> {

    /** What a process does in a round. It is called in all processes at once. */
    @FunctionalInterface
    interface Part<S> extends Serializable {
        /** Plays as process {@code process}, counted from 0. */
        void play(S shared, int process) throws Exception;
    }

    /** How often a child, between the rounds, looks whether the next begins: seldom, so that it does not disturb whoever plays then. */
    private static final long IDLE_MILLISECONDS = 10;

    /** The stages of a round; the shared stage goes up from round to round. */
    private static final int CALLED = 1;
    private static final int GO = 2;
    private static final int STAGES = 2;

    /** The course of the rounds. Each value has a cache line of its own. */
    private record Course(RawValue stage, RawValue ready, RawValue ended) implements Serializable {
        static Course make() {
            return new Course(RawValue.ofLong(0), RawValue.ofLong(0), RawValue.ofLong(0));
        }
    }

    private final Course course = Course.make();
    private final S shared;
    private final Part<S> part;
    private final int others;
    private long round;

    private Ensemble(int size, S shared, Part<S> part) {
        this.others = size - 1;
        this.shared = shared;
        this.part = part;
    }

    /**
     * Starts the other processes, which end with this one.
     *
     * @param options how they are started
     */
    static <S extends Serializable> Ensemble<S> start(int size, S shared, Part<S> part, ChildProcessBuilder options) {
        Ensemble<S> ensemble = new Ensemble<>(size, shared, part);
        Course course = ensemble.course;
        for (int i = 1; i < size; i++) {
            int process = i;
            options.name("process " + process).daemon(true).start(() -> follow(course, shared, part, process));
        }
        return ensemble;
    }

    static <S extends Serializable> Ensemble<S> start(int size, S shared, Part<S> part) {
        return start(size, shared, part, ChildProcess.builder());
    }

    /** Plays a round. {@return how many nanoseconds passed from the moment all began until all had ended} */
    double play() throws Exception {
        long first = round++ * STAGES;
        course.stage.setVolatile(first + CALLED);
        await(course.ready, round * others);
        long start = System.nanoTime();
        course.stage.setVolatile(first + GO);
        part.play(shared, 0);
        await(course.ended, round * others);
        return System.nanoTime() - start;
    }

    private static void await(RawValue value, long wanted) {
        while (value.getVolatile() < wanted) {
            // More processes than cores may be playing.
            Thread.yield();
        }
    }

    private static <S extends Serializable> void follow(Course course, S shared, Part<S> part, int process)
            throws Exception {
        Pinning.moveJvm(process % 2);
        for (long first = 0;; first += STAGES) {
            while (course.stage.getVolatile() < first + CALLED) {
                Thread.sleep(IDLE_MILLISECONDS);
            }
            long _ = course.ready.getAndAdd(1);
            while (course.stage.getVolatile() < first + GO) {
                Thread.onSpinWait();
            }
            part.play(shared, process);
            long _ = course.ended.getAndAdd(1);
        }
    }
}
