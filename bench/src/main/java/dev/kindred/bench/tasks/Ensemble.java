// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.Serializable;

import dev.kindred.bench.Course;
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

    /** A counter of the course. */
    private record Counter(RawValue value) implements Course.Counter {

        static Counter make() {
            return new Counter(RawValue.ofLong(0));
        }

        @Override
        public long get() {
            return value.getVolatile();
        }

        @Override
        public void set(long number) {
            value.setVolatile(number);
        }

        @Override
        public void increment() {
            long _ = value.getAndAdd(1);
        }
    }

    private final Course course = new Course(Counter.make(), Counter.make(), Counter.make());
    private final S shared;
    private final Part<S> part;
    private final int others;
    private long rounds;

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
        return course.play(rounds++, others, () -> part.play(shared, 0));
    }

    private static <S extends Serializable> void follow(Course course, S shared, Part<S> part, int process) throws Exception {
        Pinning.moveJvm(process % 2);
        course.follow(() -> part.play(shared, process));
    }
}
