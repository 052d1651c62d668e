// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.kindred.internal.os.Futex;

/** Words of any memories for which one thread waits at once, with the death epochs of their domains. For one thread and one wait. */
public final class WordWaits {

    private record Held(MappedWords words, long offset, int expected) {}

    private record Epoch(long address, int value) {}

    private record Attached(WordWaiter waiter, WordPump pump) {}

    private final List<Held> held = new ArrayList<>();
    private final List<Epoch> epochs = new ArrayList<>();
    private final List<Attached> attached = new ArrayList<>();

    /** Waits for nothing yet. */
    public WordWaits() {}

    /** Waits for a word, too. The death epoch is read here: before the caller looks whether it need wait at all. */
    public void add(MappedWords words, long offset, int expected) {
        if (epochs.stream().noneMatch(epoch -> epoch.address == words.epochAddress())) {
            epochs.add(new Epoch(words.epochAddress(), words.epoch()));
        }
        held.add(new Held(words, offset, expected));
    }

    /** {@return whether there is no word} */
    public boolean isEmpty() {
        return held.isEmpty();
    }

    /** {@return whether a platform thread can sleep on all of them and its bell in one call of the kernel} */
    public boolean isFew() {
        return held.size() + epochs.size() < Futex.WAIT_MAX;
    }

    /** {@return what the bell of the calling platform thread shows} To be read before the caller looks whether it need wait. */
    public int bell() {
        return Sleeper.current().bell();
    }

    /** {@return what rings the bell of the calling platform thread, from any thread, and may come late} */
    public Runnable ringer() {
        Sleeper sleeper = Sleeper.current();
        return sleeper::wakeup;
    }

    /**
     * Sleeps, for a platform thread, while the bell shows what it showed and all words hold what they held.
     *
     * @return as {@link Words#await}; an interrupt ends the sleep
     */
    public int sleep(int bell, long deadline) {
        return Sleeper.current().sleepAny(this, bell, deadline);
    }

    /** Writes all from an index on. {@return the index behind them} */
    int write(MemorySegment entries, int from) {
        int index = from;
        for (Epoch epoch : epochs) {
            Futex.setEntry(entries, index++, epoch.address, epoch.value, true);
        }
        for (Held word : held) {
            Futex.setEntry(entries, index++, word.words.address(word.offset), word.expected, true);
        }
        return index;
    }

    /** Lets the pumps wait for all words. The first that is woken has {@code waking} run, from any thread; others may, too. */
    public void attach(Runnable waking) {
        for (Held word : held) {
            int epoch = epochs.stream().filter(each -> each.address == word.words.epochAddress()).findFirst().orElseThrow().value;
            WordWaiter waiter = new WordWaiter(waking, word.words, word.offset, word.expected, epoch);
            attached.add(new Attached(waiter, word.words.pumps().attach(waiter)));
        }
    }

    /** Ends the waiting of the pumps. */
    public void detach() {
        for (Attached each : attached) {
            if (each.waiter.cancel()) {
                each.pump.bump();
            }
        }
        attached.clear();
    }
}
