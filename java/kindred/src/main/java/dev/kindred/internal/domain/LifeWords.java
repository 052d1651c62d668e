// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static dev.kindred.internal.domain.DomainLayout.ARRIVALS;
import static dev.kindred.internal.domain.DomainLayout.LIFE;
import static dev.kindred.internal.domain.DomainLayout.LIFE_ENDED;
import static dev.kindred.internal.domain.DomainLayout.LIFE_WAITERS;
import static dev.kindred.internal.domain.DomainLayout.LIVE;
import static dev.kindred.internal.domain.DomainLayout.PARENT;
import static dev.kindred.internal.domain.DomainLayout.SLOTS_USED_OFFSET;
import static dev.kindred.internal.domain.DomainLayout.generationOf;
import static dev.kindred.internal.domain.DomainLayout.slotOf;
import static dev.kindred.internal.domain.DomainLayout.slotOffset;
import static dev.kindred.internal.domain.DomainLayout.state;
import static dev.kindred.internal.domain.DomainLayout.word;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.WordSet;
import dev.kindred.internal.words.Words;

/**
 * The words that the kernel marks when processes begin to end, and who waits for which.
 *
 * <p>A mark is a hint to look, and no more: a thread has ended, which ordinarily the rest of its process does at about the same time. A mark that
 * never comes costs nothing but time, for the end of a process is noticed by its live byte as well.
 */
final class LifeWords {

    private final Words words;

    LifeWords(Words words) {
        this.words = words;
    }

    /** Forgets the slot's last process. Called by who takes the slot, before it is LIVE. */
    void reset(int slot) {
        words.setPlain(slotOffset(slot) + LIFE, 0);
        words.setPlain(slotOffset(slot) + ARRIVALS, 0);
    }

    /**
     * Says that a process lives as long as one of its threads, at whose end the kernel will mark the process's word.
     *
     * @param parent its parent's id, 0 for none
     * @param thread the kernel's number of the thread
     */
    void announce(int id, int parent, int thread) {
        words.setVolatile(slotOffset(slotOf(id)) + LIFE, thread | LIFE_WAITERS);
        if (parent != 0) {
            tellOfArrival(slotOf(parent));
        }
    }

    /**
     * Lets all others know of a process that is nobody's child, whose slot is LIVE: one of them must begin to watch it, and which one, those
     * who come and go at the same time decide.
     */
    void announceEntry(int id) {
        int used = words.getAcquire(SLOTS_USED_OFFSET);
        for (int slot = 0; slot < used; slot++) {
            if (slot != slotOf(id) && state(words.getVolatile(slotOffset(slot))) == LIVE) {
                tellOfArrival(slot);
            }
        }
    }

    private void tellOfArrival(int slot) {
        // Pairs with the reading in begin(): whoever has not seen the one that came does not fall asleep, or is woken.
        long arrivals = slotOffset(slot) + ARRIVALS;
        words.getAndAdd(arrivals, 1);
        words.wake(arrivals, 1);
    }

    /**
     * Begins to collect what a process waits for: the arrival of others that it is to watch. To be called before one looks who is there.
     *
     * @param set emptied before
     */
    void begin(WordSet set, int id) {
        set.clear();
        long arrivals = slotOffset(slotOf(id)) + ARRIVALS;
        set.add(arrivals, words.getVolatile(arrivals));
    }

    /** {@return whether the kernel has marked the word of the slot's process} */
    boolean isMarked(int slot) {
        return (words.getVolatile(slotOffset(slot) + LIFE) & LIFE_ENDED) != 0;
    }

    /** {@return whether there is a process that has been marked and not been found dead yet} */
    boolean isAnyEnding() {
        int used = words.getAcquire(SLOTS_USED_OFFSET);
        for (int slot = 0; slot < used; slot++) {
            if (state(words.getVolatile(slotOffset(slot))) == LIVE && isMarked(slot)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Collects what else a process waits for: the words of its successor, its parent and as many of its children as there is room for. To
     * be called before one looks who has ended: what is marked after that ends the wait.
     *
     * @param set       what they are put into
     * @param id        the process
     * @param parent    its parent's id, 0 for none
     * @param successor its successor's id, 0 for none
     */
    void collect(WordSet set, int id, int parent, int successor) {
        if (successor != 0) {
            addLife(set, slotOf(successor));
        }
        if (parent != 0 && parent != successor && words.getVolatile(slotOffset(slotOf(parent))) == word(generationOf(parent), LIVE)) {
            addLife(set, slotOf(parent));
        }
        int used = words.getAcquire(SLOTS_USED_OFFSET);
        for (int slot = 0; slot < used && !set.isFull(); slot++) {
            long offset = slotOffset(slot);
            boolean isSuccessor = successor != 0 && slot == slotOf(successor);
            if (!isSuccessor && state(words.getVolatile(offset)) == LIVE && words.getPlain(offset + PARENT) == id) {
                addLife(set, slot);
            }
        }
    }

    private void addLife(WordSet set, int slot) {
        long life = slotOffset(slot) + LIFE;
        int now = words.getVolatile(life);
        if ((now & LIFE_ENDED) != 0 && (now & LIFE_WAITERS) != 0) {
            CrashPoint.RECOVERY_END_SEEN.pass();
            // The kernel has woken one of those who wait, and this process, if it is the one, may be stopped next. Whoever takes the bit away wakes
            // the others; so nobody is woken twice.
            if (words.compareAndSet(life, now, now & ~LIFE_WAITERS)) {
                words.wake(life, Integer.MAX_VALUE);
            }
            now = words.getVolatile(life);
        }
        set.add(life, now);
    }
}
