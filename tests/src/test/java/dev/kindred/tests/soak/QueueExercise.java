// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import dev.kindred.channel.ByteQueue;
import dev.kindred.channel.JoinableQueue;
import dev.kindred.tests.soak.Ledger.Account;
import dev.kindred.tests.soak.Ledger.Entry;

/**
 * The elements of a queue are conserved: there are as many as were put by all, without those taken by all; and each is as it was put. Of a thread that was
 * killed in a call it is not known whether it put or took one.
 */
interface QueueExercise extends Exercise {

    /** So long that it has a block of its own, now and then. */
    int LARGE = 40_000;

    /** So many that those who put have to wait. */
    int BYTES = 4096;

    /** {@return whether an element was put} */
    boolean offer(byte[] element, long microseconds) throws InterruptedException;

    /** {@return an element, or null} */
    byte[] poll(long microseconds) throws InterruptedException;

    /** Says that the element that was taken is done with. */
    void done();

    /** Takes all that is left. {@return how much it was} */
    default int drain() throws InterruptedException {
        int count = 0;
        while (poll(0) != null) {
            done();
            count++;
        }
        return count;
    }

    private static byte[] element(SplittableRandom random) {
        byte[] element = new byte[random.nextInt(50) == 0 ? LARGE : random.nextInt(1, 200)];
        byte first = (byte) random.nextInt();
        for (int i = 0; i < element.length; i++) {
            element[i] = (byte) (first + i * element.length);
        }
        return element;
    }

    private static void assertWhole(String name, byte[] element) {
        for (int i = 0; i < element.length; i++) {
            assertEquals((byte) (element[0] + i * element.length), element[i], name + ": an element has changed");
        }
    }

    @Override
    default void run(Account account, SplittableRandom random) throws Exception {
        long microseconds = random.nextInt(3) == 0 ? 0 : 3_000;
        if (random.nextBoolean()) {
            byte[] element = element(random);
            account.add(Entry.PUT_BEGUN, 1);
            long begin = System.nanoTime();
            boolean put = offer(element, microseconds);
            account.took(System.nanoTime() - begin);
            account.add(put ? Entry.PUT_DONE : Entry.PUT_BEGUN, put ? 1 : -1);
            return;
        }
        account.add(Entry.TAKE_BEGUN, 1);
        byte[] element = poll(microseconds);
        if (element == null) {
            account.add(Entry.TAKE_BEGUN, -1);
            return;
        }
        assertWhole(name(), element);
        Exercise.perhapsDie(random);
        done();
        account.add(Entry.TAKE_DONE, 1);
    }

    @Override
    default void check(Ledger ledger, int index) throws Exception {
        Signals.assertBetween(name(), ledger.sum(index, Entry.PUT_DONE) - ledger.sum(index, Entry.TAKE_BEGUN), drain(),
                ledger.sum(index, Entry.PUT_BEGUN) - ledger.sum(index, Entry.TAKE_DONE));
    }

    /** What the dead had taken is gone. */
    record Bytes(ByteQueue queue) implements QueueExercise {

        @Override
        public String name() {
            return "ByteQueue";
        }

        @Override
        public boolean offer(byte[] element, long microseconds) throws InterruptedException {
            return queue.offer(element, microseconds, TimeUnit.MICROSECONDS);
        }

        @Override
        public byte[] poll(long microseconds) throws InterruptedException {
            return queue.poll(microseconds, TimeUnit.MICROSECONDS);
        }

        @Override
        public void done() {}
    }

    /** What the dead had taken is handed out again. */
    record Jobs(JoinableQueue<byte[]> queue) implements QueueExercise {

        @Override
        public String name() {
            return "JoinableQueue";
        }

        @Override
        public boolean offer(byte[] element, long microseconds) throws InterruptedException {
            return queue.offer(element, microseconds, TimeUnit.MICROSECONDS);
        }

        @Override
        public byte[] poll(long microseconds) throws InterruptedException {
            return queue.poll(microseconds, TimeUnit.MICROSECONDS);
        }

        @Override
        public void done() {
            queue.taskDone();
        }

        @Override
        public void check(Ledger ledger, int index) throws Exception {
            QueueExercise.super.check(ledger, index);
            assertTrue(queue.join(1, TimeUnit.MICROSECONDS), "not all is done, and nothing is left");
        }
    }
}
