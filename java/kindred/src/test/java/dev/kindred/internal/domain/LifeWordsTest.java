// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.kindred.internal.words.SimulatedWords;
import dev.kindred.internal.words.SimulatedWords.Killed;
import dev.kindred.internal.words.WordSet;
import org.junit.jupiter.api.Test;

/** Who waits for whose mark, and who tells others of one. */
class LifeWordsTest {

    private static final int THREAD = 77;

    private final SimulatedWords words = new SimulatedWords(DomainLayout.EPOCH_OFFSET);
    private final LifeWords lives = new LifeWords(words);
    private final WordSet set = new WordSet();

    LifeWordsTest() {
        words.reserve(0, DomainLayout.END);
    }

    /** {@return the id of a process that has joined and said so} */
    private int join(int parent) {
        int slot = words.getVolatile(DomainLayout.SLOTS_USED_OFFSET);
        words.setVolatile(DomainLayout.SLOTS_USED_OFFSET, slot + 1);
        new ProcessRecord("process " + slot, slot, 2, parent).write(words, DomainLayout.slotOffset(slot));
        words.setVolatile(DomainLayout.slotOffset(slot), DomainLayout.word(1, DomainLayout.LIVE));
        int id = DomainLayout.id(slot, 1);
        lives.announce(id, parent, THREAD);
        return id;
    }

    private static long life(int id) {
        return DomainLayout.slotOffset(DomainLayout.slotOf(id)) + DomainLayout.LIFE;
    }

    private static long arrivals(int id) {
        return DomainLayout.slotOffset(DomainLayout.slotOf(id)) + DomainLayout.ARRIVALS;
    }

    private List<Long> collected(int id, int parent, int successor) {
        lives.begin(set, id);
        lives.collect(set, id, parent, successor);
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            offsets.add(set.offset(i));
        }
        return offsets;
    }

    private void mark(int id) {
        words.setVolatile(life(id), DomainLayout.LIFE_ENDED | DomainLayout.LIFE_WAITERS);
    }

    @Test
    void aProcessWaitsForItsSuccessorItsParentAndItsChildren() {
        int root = join(0);
        int parent = join(root);
        int self = join(parent);
        int sibling = join(parent);
        int child = join(self);
        int grandchild = join(child);
        assertEquals(List.of(arrivals(self), life(sibling), life(parent), life(child)), collected(self, parent, sibling));
        assertEquals(List.of(arrivals(grandchild), life(root), life(child)), collected(grandchild, child, root));
        assertEquals(List.of(arrivals(root), life(parent)), collected(root, 0, parent), "a successor that is a child is there once");
        words.setVolatile(DomainLayout.slotOffset(DomainLayout.slotOf(parent)), DomainLayout.word(1, DomainLayout.DEAD));
        assertEquals(List.of(arrivals(self), life(sibling), life(child)), collected(self, parent, sibling), "the dead are not waited for");
    }

    @Test
    void aParentThatHasNotSeenAChildDoesNotFallAsleep() {
        int root = join(0);
        lives.begin(set, root);
        lives.collect(set, root, 0, 0);
        int before = set.expected(0);
        int child = join(root);
        assertNotEquals(before, words.getVolatile(set.offset(0)));
        assertEquals(List.of(arrivals(root), life(child)), collected(root, 0, 0));
    }

    @Test
    void noneOfThoseWhoAreThereFallsAsleepWhenAnotherEnters() {
        int first = join(0);
        int second = join(0);
        words.setVolatile(DomainLayout.slotOffset(DomainLayout.slotOf(first)), DomainLayout.word(1, DomainLayout.DEAD));
        int third = join(0);
        int entrant = join(0);
        lives.announceEntry(entrant);
        assertEquals(List.of(0, 1, 1, 0), Stream.of(first, second, third, entrant).map(id -> words.getVolatile(arrivals(id))).toList());
    }

    @Test
    void ofMoreChildrenThanCanBeWaitedForAsManyAsThereIsRoomForAreWaitedFor() {
        int root = join(0);
        for (int i = 0; i < 2 * WordSet.CAPACITY; i++) {
            join(root);
        }
        assertEquals(WordSet.CAPACITY, collected(root, 0, 0).size());
    }

    @Test
    void aMarkIsToldToTheOthersOnce() {
        int root = join(0);
        int child = join(root);
        mark(child);
        assertTrue(lives.isAnyEnding());
        collected(root, 0, child);
        assertEquals(DomainLayout.LIFE_ENDED, words.getVolatile(life(child)));
        assertEquals(DomainLayout.LIFE_ENDED, set.expected(1), "whoever has seen the mark does not wait for it again");
        words.killAt(0);
        collected(root, 0, child); // takes no step that others could see
        words.nextActor();
        assertTrue(lives.isAnyEnding());
    }

    @Test
    void whoDiesTellingTheOthersLeavesTheMark() {
        int root = join(0);
        int child = join(root);
        for (int step = 0; step < 2; step++) {
            mark(child);
            words.killAt(step);
            assertThrows(Killed.class, () -> collected(root, 0, child));
            words.nextActor();
            assertTrue(lives.isMarked(DomainLayout.slotOf(child)), "killed at step " + step);
        }
    }
}
