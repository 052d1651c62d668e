// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How virtual threads wait for words without holding a carrier: each parks, and a pump thread sleeps in the kernel for up to
 * {@value WordPump#CAPACITY} of them, wherever their words lie.
 */
final class WordPumps {

    private final MappedWords domain;
    private final List<WordPump> pumps = new ArrayList<>();

    /** Serves those who wait for words of a domain, or for words outside of it that share its death epoch. */
    WordPumps(MappedWords domain) {
        this.domain = domain;
    }

    /** Parks the calling virtual thread as {@link Words#await} describes. */
    int await(MappedWords words, long offset, int expected, int epoch, long deadline, boolean interruptible) {
        Thread thread = Thread.currentThread();
        WordWaiter waiter = new WordWaiter(() -> LockSupport.unpark(thread), words, offset, expected, epoch);
        WordPump pump = attach(waiter);
        boolean restoreInterrupt = false;
        try {
            while (!waiter.isWoken()) {
                boolean interrupted = Thread.interrupted();
                long remaining = deadline - System.nanoTime();
                boolean late = deadline != Words.NO_DEADLINE && remaining <= 0;
                restoreInterrupt |= interrupted;
                if (late || (interrupted && interruptible)) {
                    if (!waiter.cancel()) {
                        break;
                    }
                    pump.bump();
                    restoreInterrupt &= late;
                    return late ? Words.TIMED_OUT : Words.INTERRUPTED;
                }
                if (deadline == Words.NO_DEADLINE) {
                    LockSupport.park(words);
                } else {
                    LockSupport.parkNanos(words, remaining);
                }
            }
            return Words.WOKEN;
        } finally {
            if (restoreInterrupt) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Lets a pump wait. {@return the pump, which is to be bumped when the waiter is cancelled} */
    synchronized WordPump attach(WordWaiter waiter) {
        for (WordPump pump : pumps) {
            if (pump.add(waiter)) {
                return pump;
            }
        }
        WordPump pump = new WordPump(domain, this);
        pumps.add(pump);
        if (!pump.add(waiter)) {
            throw new IllegalStateException("a new pump refused its first waiter");
        }
        Thread.ofPlatform().daemon().name("kindred-word-pump").start(pump);
        return pump;
    }

    /** {@return whether the pump, which found nothing to do for a while, has been let go and its thread may end} */
    synchronized boolean retire(WordPump pump) {
        return pump.isEmpty() && pumps.remove(pump);
    }
}
