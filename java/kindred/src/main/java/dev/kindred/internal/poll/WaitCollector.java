// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.poll;

import java.util.ArrayList;
import java.util.List;

import dev.kindred.internal.os.Events;
import dev.kindred.internal.os.PollSet;
import dev.kindred.internal.words.MappedWords;
import dev.kindred.internal.words.ThreadParker;
import dev.kindred.internal.words.WordWaits;
import dev.kindred.internal.words.Words;

/**
 * One wait of one thread for whatever becomes ready first: words, descriptors, or both.
 *
 * <p>A round of it: everything that is waited for adds what it sleeps on; {@link #arm()}; the caller looks whether anything is ready, unless that cannot have
 * changed unnoticed; {@link #sleep}; {@link #close()}. A change that comes after the adding ends the sleep or lets none begin.
 *
 * <p>A platform thread that waits for words sleeps on all of them by one futex_waitv, with a bell that the descriptor pump rings; one that waits for
 * descriptors alone polls them. A virtual thread parks, and so does a thread with more words than one call takes: the pumps wait for it.
 */
public final class WaitCollector implements AutoCloseable {

    private record Polled(int number, int events) {}

    private final WordWaits words = new WordWaits();
    private final List<Polled> polled = new ArrayList<>();
    private final List<OpenDescriptor> open = new ArrayList<>();
    private final List<PollWaiter> pumped = new ArrayList<>();
    private Way way = new Polling();
    private Runnable sleeper = () -> {};
    private boolean anyClosed;

    /** One of the three ways to sleep. */
    private interface Way {

        /** {@return what ends the sleep, from any thread} */
        Runnable arm();

        int sleep(long deadline);

        void close();
    }

    /** Begins a round. */
    public WaitCollector() {}

    /** The wait is for a word of a shared memory, too: it ends when the word is woken, or does not hold what is expected. */
    public void addWord(MappedWords memory, long offset, int expected) {
        words.add(memory, offset, expected);
    }

    /** The wait is for a descriptor, too, which the caller keeps open. {@code events} are {@code POLL} constants. */
    public void addDescriptor(int number, int events) {
        polled.add(new Polled(number, events));
    }

    /** The wait is for a descriptor, too, and ends when it is closed. {@code events} are {@code POLL} constants. */
    public void addDescriptor(OpenDescriptor descriptor, int events) {
        if (!descriptor.begin()) {
            anyClosed = true;
            return;
        }
        open.add(descriptor);
        addDescriptor(descriptor.number(), events);
    }

    /** Gets ready to sleep. */
    public void arm() {
        if (Thread.currentThread().isVirtual() || !words.isFew()) {
            way = new Parking();
        } else if (!words.isEmpty()) {
            way = new SleepingOnWords();
        }
        sleeper = way.arm();
        open.forEach(descriptor -> descriptor.addSleeper(sleeper));
        anyClosed |= open.stream().anyMatch(OpenDescriptor::isClosed);
    }

    /** {@return whether something may have become ready without ending the sleep: whether the caller must look between arming and sleeping} */
    public boolean isToLook() {
        return !words.isEmpty() || anyClosed;
    }

    /**
     * Sleeps.
     *
     * @param deadline when to give up, in terms of {@link System#nanoTime()}
     * @return {@link Words#WOKEN}, {@link Words#TIMED_OUT} or {@link Words#INTERRUPTED}
     */
    public int sleep(long deadline) {
        return anyClosed ? Words.WOKEN : way.sleep(deadline);
    }

    /** Ends the round. */
    @Override
    public void close() {
        for (OpenDescriptor descriptor : open) {
            descriptor.removeSleeper(sleeper);
        }
        if (!pumped.isEmpty()) {
            pumped.forEach(PollPump.shared()::remove);
        }
        way.close();
        open.forEach(OpenDescriptor::end);
    }

    private void pump(Runnable waking) {
        for (Polled each : polled) {
            PollWaiter waiter = new PollWaiter(each.number, each.events, waking);
            PollPump.shared().add(waiter);
            pumped.add(waiter);
        }
    }

    private final class Polling implements Way {

        private static final int NONE = -1;

        private int bell = NONE;

        @Override
        public Runnable arm() {
            int borrowed = Bells.borrow();
            bell = borrowed;
            return () -> Events.signal(borrowed);
        }

        @Override
        public int sleep(long deadline) {
            PollSleeper poller = PollSleeper.current();
            PollSet set = poller.newSet();
            polled.forEach(each -> set.add(each.number, each.events));
            return poller.sleep(bell, deadline);
        }

        @Override
        public void close() {
            if (bell != NONE) {
                Bells.giveBack(bell);
            }
        }
    }

    private final class SleepingOnWords implements Way {

        private final int bell = words.bell();

        @Override
        public Runnable arm() {
            Runnable ringer = words.ringer();
            pump(ringer);
            return ringer;
        }

        @Override
        public int sleep(long deadline) {
            return words.sleep(bell, deadline);
        }

        @Override
        public void close() {}
    }

    private final class Parking implements Way {

        private final ThreadParker parker = new ThreadParker();

        @Override
        public Runnable arm() {
            Runnable waking = parker::wake;
            words.attach(waking);
            pump(waking);
            return waking;
        }

        @Override
        public int sleep(long deadline) {
            return parker.await(deadline, true);
        }

        @Override
        public void close() {
            words.detach();
        }
    }
}
