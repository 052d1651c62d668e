// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import java.util.List;
import java.util.SplittableRandom;

import dev.kindred.process.ChildTask;
import dev.kindred.sync.Event;
import dev.kindred.tests.soak.Ledger.Account;
import dev.kindred.tests.soak.Ledger.Entry;

/**
 * What a child does until it is told to stop or is killed: platform threads and virtual ones do whatever exercise chance says, and another keeps
 * coming to the barrier.
 *
 * @param exercises the last is the barrier's
 * @param index     which of the workers it is, or is the successor of
 * @param seed      for its choices
 */
record Worker(List<Exercise> exercises, Ledger ledger, Event stop, int index, long seed) implements ChildTask {

    static final int THREADS = 5;

    /** How often an exercise is done before the next is chosen. */
    private static final int ROUNDS = 10;

    /** Of a worker that saw something that must not be. */
    static final int FAILED = 3;

    @Override
    public void run() throws InterruptedException {
        int all = exercises.size() - 1;
        List<Thread> threads = List.of(
                Thread.ofPlatform().name("barrier").start(() -> work(0, all, all + 1)),
                Thread.ofPlatform().name("platform 1").start(() -> work(1, 0, all)),
                Thread.ofPlatform().name("platform 2").start(() -> work(2, 0, all)),
                Thread.ofVirtual().name("virtual 3").start(() -> work(3, 0, all)),
                Thread.ofVirtual().name("virtual 4").start(() -> work(4, 0, all)));
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void work(int thread, int from, int to) {
        SplittableRandom random = new SplittableRandom(seed + thread);
        try {
            while (!stop.isSet()) {
                int exercise = random.nextInt(from, to);
                Account account = ledger.account(index * THREADS + thread, exercise);
                for (int i = 0; i < ROUNDS; i++) {
                    exercises.get(exercise).run(account, random);
                    account.add(Entry.ROUNDS, 1);
                }
            }
        } catch (Throwable wrong) {
            wrong.printStackTrace();
            Runtime.getRuntime().halt(FAILED);
        }
    }
}
