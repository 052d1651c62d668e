// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.examples;

import dev.kindred.OwnerDiedException;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Event;
import dev.kindred.sync.Lock;
import java.util.Locale;
import java.util.StringJoiner;

/** A child that is killed while it holds a lock, in the middle of a change. */
public final class KilledOwner {

    private static final int REPETITIONS = 4;

    private KilledOwner() {}

    /**
     * Runs this part.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public static void main() throws InterruptedException {
        Demo.title("4. A child is killed while it holds a lock");
        killOne(true);
        StringJoiner times = new StringJoiner(", ");
        for (int i = 0; i < REPETITIONS; i++) {
            times.add(milliseconds(killOne(false)));
        }
        System.out.println("The same " + REPETITIONS + " times more: repaired after " + times + " ms");
    }

    /** {@return how many nanoseconds after the kill all was repaired} */
    private static long killOne(boolean tell) throws InterruptedException {
        Lock lock = new Lock();
        // Two accounts whose sum is 100 whenever the lock is free.
        Value from = Value.ofInt(100);
        Value to = Value.ofInt(0);
        Event halfWay = new Event();
        ChildProcess child = ChildProcess.start("payer", () -> {
            lock.lock();
            from.setInt(60);
            halfWay.set();
            Thread.sleep(Long.MAX_VALUE);   // killed here, with 40 on the way
        });
        halfWay.await();
        String before = lock.toString();

        long killed = System.nanoTime();
        child.kill();
        String answer;
        try {
            lock.lock();
            throw new AssertionError("the lock was given out although its owner died in the middle of a change");
        } catch (OwnerDiedException e) {
            answer = e.getMessage();
        }
        if (lock.recover()) {
            to.setInt(100 - from.getInt());
        }
        lock.unlock();
        long took = System.nanoTime() - killed;

        child.join();
        if (tell) {
            System.out.println("The child is half-way: 60 of 100 are left, 0 have arrived; " + before);
            System.out.println("SIGKILL; the parent's lock() says: " + answer);
            System.out.println("The parent recovers the lock and repairs: " + from.getInt() + " are left, "
                    + to.getInt() + " have arrived; " + lock + ", " + milliseconds(took) + " ms after the kill");
            System.out.println("The child's exit code is " + child.exitCode().orElseThrow());
        }
        child.close();
        return took;
    }

    private static String milliseconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%.1f", nanoseconds / 1e6);
    }
}
