// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.kindred.internal.poll.WaitCollector;
import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.Words;

/**
 * What a thread can wait for together with others of its kind: connections, listeners, children, events, queues.
 *
 * {@snippet :
 * Pipe pipe = Pipe.twoWay();
 * ChildProcess child = ChildProcess.start(() -> pipe.second().sendBytes("done".getBytes()));
 * for (Waitable ready : Waitable.awaitAny(List.of(pipe.first(), child), Duration.ofSeconds(10))) {
 *     System.out.println(ready == child ? "it has ended" : "it has sent something");
 * }
 * }
 *
 * <p>The types of Kindred implement it; it is not for others.
 */
public interface Waitable {

    /**
     * Says whether a wait for it ends now: a connection has something to receive, or its end; somebody waits to be accepted by a listener; a child has
     * ended; an event is set; something can be taken from a queue, or nothing ever again.
     *
     * @return whether it is ready
     * @throws RuntimeException if it is closed, or cannot be waited for
     */
    boolean isReady();

    /**
     * Adds what a wait for it sleeps on. For {@link #awaitAny}.
     *
     * @param collector where to
     */
    @SuppressWarnings("exports")
    void collect(WaitCollector collector);

    /**
     * Waits until at least one of some things is ready. A wait for none ends by an interrupt only.
     *
     * @param <W>       their type
     * @param waitables what is waited for; one may be there several times
     * @return those that are ready, in the collection's order, and as often as they are in it
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared
     * @throws RuntimeException     if one of them is closed, before or meanwhile
     */
    static <W extends Waitable> List<W> awaitAny(Collection<? extends W> waitables) throws InterruptedException {
        return awaitAny(waitables, Words.NO_DEADLINE);
    }

    /**
     * Waits until at least one of some things is ready, for a time at most. A wait for none takes all of the time.
     *
     * <p>An event that is set and cleared again at once may go unnoticed: what counts is that it is set when this looks.
     *
     * <p>Memory consistency effects are those of what is found ready: a set event, a message that is received, the end of a child.
     *
     * @param <W>       their type
     * @param waitables what is waited for; one may be there several times
     * @param timeout   how long; zero or less looks once
     * @return those that are ready, in the collection's order, and as often as they are in it; none if the time was up before
     * @throws InterruptedException if the thread is or gets interrupted; its interrupt status is cleared
     * @throws RuntimeException     if one of them is closed, before or meanwhile
     */
    static <W extends Waitable> List<W> awaitAny(Collection<? extends W> waitables, Duration timeout) throws InterruptedException {
        return awaitAny(waitables, Deadlines.after(timeout));
    }

    private static <W extends Waitable> List<W> awaitAny(Collection<? extends W> waitables, long deadline) throws InterruptedException {
        Deadlines.throwIfInterrupted();
        List<W> all = List.copyOf(waitables);
        List<W> ready = ready(all);
        int outcome = deadline == Words.AT_ONCE ? Words.TIMED_OUT : Words.WOKEN;
        while (ready.isEmpty() && outcome == Words.WOKEN) {
            try (WaitCollector collector = new WaitCollector()) {
                all.forEach(each -> each.collect(collector));
                collector.arm();
                if (collector.isToLook()) {
                    ready = ready(all);
                }
                outcome = ready.isEmpty() ? collector.sleep(deadline) : Words.WOKEN;
            }
            if (outcome == Words.INTERRUPTED) {
                throw new InterruptedException();
            }
            if (ready.isEmpty()) {
                ready = ready(all);
            }
        }
        return ready;
    }

    private static <W extends Waitable> List<W> ready(List<W> all) {
        List<W> ready = new ArrayList<>();
        for (W each : all) {
            if (each.isReady()) {
                ready.add(each);
            }
        }
        return ready;
    }
}
