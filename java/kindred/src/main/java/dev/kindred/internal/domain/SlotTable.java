// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import static dev.kindred.internal.domain.DomainLayout.DEAD;
import static dev.kindred.internal.domain.DomainLayout.FREE;
import static dev.kindred.internal.domain.DomainLayout.GENERATION_LIMIT;
import static dev.kindred.internal.domain.DomainLayout.LEFT;
import static dev.kindred.internal.domain.DomainLayout.LIVE;
import static dev.kindred.internal.domain.DomainLayout.NEXT_SLOT_OFFSET;
import static dev.kindred.internal.domain.DomainLayout.PARENT;
import static dev.kindred.internal.domain.DomainLayout.PID;
import static dev.kindred.internal.domain.DomainLayout.PID_NAMESPACE;
import static dev.kindred.internal.domain.DomainLayout.SLOTS;
import static dev.kindred.internal.domain.DomainLayout.SLOTS_USED_OFFSET;
import static dev.kindred.internal.domain.DomainLayout.generation;
import static dev.kindred.internal.domain.DomainLayout.generationOf;
import static dev.kindred.internal.domain.DomainLayout.id;
import static dev.kindred.internal.domain.DomainLayout.slotOf;
import static dev.kindred.internal.domain.DomainLayout.slotOffset;
import static dev.kindred.internal.domain.DomainLayout.state;
import static dev.kindred.internal.domain.DomainLayout.word;

import java.util.ArrayList;
import java.util.List;

import dev.kindred.internal.crash.CrashPoint;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * The table of the processes of a domain: joining it, finding the dead, recovering them.
 *
 * <p>A slot goes FREE, LIVE, DEAD and back to FREE, and its generation rises when somebody takes it. LIVE with a generation means that the
 * process of that generation has taken the live byte; so a LIVE slot whose byte nobody holds is of a dead process, whatever else happens
 * meanwhile, and anybody may mark it DEAD. From then on every word which names that process is poisoned ({@link Domain#isDead}).
 *
 * <p>A process that dies holds its byte until the kernel has freed its memory, which takes long if it had much. It is as dead, and may be marked,
 * once it executes nothing any more ({@link EndProof}): then it cannot change what is shared, either. A slot may thus be DEAD, and FREE again, while
 * its byte is still held. Nobody takes it as long.
 *
 * <p>A process that leaves a domain and lives on makes its slot LEFT. That is as good as DEAD, but that what it could reach is not let go
 * before it has dropped its live byte: until then its threads may still touch it.
 *
 * <p>Recovery is three steps, each of which may be done twice: mark the slot DEAD; raise the death epoch and wake all sleepers; let go what
 * the dead could reach and free the slot. The first two need no lock, so a stopped recoverer holds up nobody. The third is done under the slot's
 * lease, and by nobody who has not done the second; whoever dies at it leaves a DEAD slot behind, which the next sweep finds.
 */
final class SlotTable {

    /** Reserves the memory of a slot before it is first touched. */
    @FunctionalInterface
    interface Reserve {
        void reserveSlot(int slot);
    }

    private static final int NAMES_REMEMBERED = 64;

    private final Words words;
    private final SlotLocks locks;
    private final EndProof proof;
    private final LifeWords lives;
    private final Reserve reserve;

    /** The words of the dead slots for whose sake this process has raised the epoch. */
    private final int[] announced = new int[SLOTS];

    SlotTable(Words words, SlotLocks locks, EndProof proof, Reserve reserve) {
        this.words = words;
        this.locks = locks;
        this.proof = proof;
        this.lives = new LifeWords(words);
        this.reserve = reserve;
    }

    /** {@return the life words of the table's processes} */
    LifeWords lives() {
        return lives;
    }

    /**
     * Takes a slot for the calling process.
     *
     * @return the process's id
     * @throws IllegalStateException if all slots are taken
     */
    int join(ProcessRecord record) {
        // A slot is left alone for a while after its process ended, so that messages can still name it.
        int window = Math.min(SLOTS, (used() / NAMES_REMEMBERED + 1) * NAMES_REMEMBERED);
        int first = Math.floorMod(words.getAndAdd(NEXT_SLOT_OFFSET, 1), window);
        for (int i = 0; i < SLOTS; i++) {
            int slot = i < window ? (first + i) % window : i;
            int id = tryJoin(slot, record);
            if (id != 0) {
                return id;
            }
        }
        throw new IllegalStateException("this family or space already has " + SLOTS + " processes, which is the limit; wait until some have ended");
    }

    private int tryJoin(int slot, ProcessRecord record) {
        if (slot < used() && state(words.getVolatile(slotOffset(slot))) != FREE) {
            return 0;
        }
        SlotLocks.Lease lease = locks.tryLease(slot);
        if (lease == null) {
            return 0;
        }
        try (lease) {
            CrashPoint.JOIN_LEASED.pass();
            reserve.reserveSlot(slot);
            raiseUsed(slot + 1);
            long offset = slotOffset(slot);
            int word = words.getVolatile(offset);
            int generation = generation(word) + 1;
            // The byte may still be held by the slot's last process. Nobody else takes it as long as the lease is held here.
            if (state(word) != FREE || generation == GENERATION_LIMIT || locks.isLive(slot)) {
                return 0;
            }
            // Before the byte is taken: with it held, a word that names the slot's last process would seem to have a live owner.
            words.setVolatile(offset, word(generation, FREE));
            CrashPoint.JOIN_GENERATION_RAISED.pass();
            if (!locks.takeLive(slot)) {
                throw new IllegalStateException("the live byte of slot " + slot + " was taken by a process that does not hold the slot's lease");
            }
            CrashPoint.JOIN_LIVE_BYTE_TAKEN.pass();
            lives.reset(slot);
            // Pairs with record(): whoever reads any of what is written now finds the new generation after it.
            words.fence();
            record.write(words, offset);
            words.setVolatile(offset, word(generation, LIVE));
            CrashPoint.JOIN_LIVE.pass();
            return id(slot, generation);
        }
    }

    /**
     * Takes the calling process, which goes on living, out of those that live, as if it had died: what it holds is poisoned, and whoever
     * finds its slot lets go what it could reach, once it has dropped its live byte.
     */
    void leave(int id) {
        long offset = slotOffset(slotOf(id));
        words.setVolatile(offset, word(generationOf(id), LEFT));
        CrashPoint.NAMED_LEFT.pass();
        wakeEverybody();
    }

    /** Gives back the live byte of the calling process, which has left. Nothing that it can still do reaches the domain. */
    void dropLive(int id) {
        locks.dropLive(slotOf(id));
    }

    private void raiseUsed(int atLeast) {
        while (true) {
            int used = words.getVolatile(SLOTS_USED_OFFSET);
            if (used >= atLeast || words.compareAndSet(SLOTS_USED_OFFSET, used, atLeast)) {
                return;
            }
        }
    }

    /** {@return whether the process of that id is known to have ended} */
    boolean isDead(int id) {
        int slot = slotOf(id);
        return slot >= used() || words.getVolatile(slotOffset(slot)) != word(generationOf(id), LIVE);
    }

    /**
     * Finds all who have died, marks their slots, and wakes everybody if there is news.
     *
     * @param self the calling process's slot, which is passed over
     */
    synchronized void findDead(int self) {
        boolean news = false;
        int used = used();
        for (int slot = 0; slot < used; slot++) {
            news |= slot != self && isNewlyDead(slot);
        }
        if (news) {
            wakeEverybody();
        }
    }

    private void wakeEverybody() {
        words.advanceEpoch();
        CrashPoint.RECOVERY_EPOCH_RAISED.pass();
        words.wakeEpoch();
        CrashPoint.RECOVERY_SLEEPERS_WOKEN.pass();
    }

    /**
     * Frees the slots of all who have been found dead.
     *
     * @return whether nothing is left to be done
     */
    boolean freeDead(Recoverable recoverable) {
        boolean complete = true;
        int used = used();
        for (int slot = 0; slot < used; slot++) {
            if (isOver(words.getVolatile(slotOffset(slot)))) {
                complete &= free(slot, recoverable);
            }
        }
        return complete;
    }

    /**
     * Marks a slot whose process has died.
     *
     * @return whether the slot is DEAD or LEFT and this process has not raised the epoch for it yet; another may have, but may have died
     *     before
     */
    private boolean isNewlyDead(int slot) {
        long offset = slotOffset(slot);
        int word = words.getVolatile(offset);
        // The marking fails only if another has marked the slot, and perhaps freed and taken it, meanwhile.
        if (state(word) == LIVE && hasEnded(slot) && words.compareAndSet(offset, word, word(generation(word), DEAD))) {
            CrashPoint.RECOVERY_MARKED_DEAD.pass();
        }
        int now = words.getVolatile(offset);
        return isOver(now) && isNews(slot, now);
    }

    private synchronized boolean isNews(int slot, int word) {
        boolean news = announced[slot] != word;
        announced[slot] = word;
        return news;
    }

    /** Wakes everybody for the sake of a dead slot, unless this process has done it. */
    private synchronized void announce(int slot, int word) {
        if (isNews(slot, word)) {
            wakeEverybody();
        }
    }

    /**
     * {@return whether the process of a slot that was seen LIVE executes nothing any more} Nothing but this says of a process that it is dead.
     *
     * <p>The answer is about the slot's process at that time or about a later one, for which a marking of the word seen before fails.
     */
    private boolean hasEnded(int slot) {
        if (!locks.isLive(slot)) {
            return true;
        }
        // Its number is its own until it is reaped. If it has passed to another, and that is what the proof is about, then this one has ended before.
        long offset = slotOffset(slot);
        return lives.isMarked(slot) && proof.hasEnded(words.getPlain(offset + PID), words.getLongPlain(offset + PID_NAMESPACE));
    }

    private boolean free(int slot, Recoverable recoverable) {
        SlotLocks.Lease lease = locks.tryLease(slot);
        if (lease == null) {
            return false;
        }
        try (lease) {
            CrashPoint.RECOVERY_LEASED.pass();
            long offset = slotOffset(slot);
            int word = words.getVolatile(offset);
            if (!isOver(word)) {
                return true;
            }
            if (state(word) == LEFT && locks.isLive(slot)) {
                return false;
            }
            // Who marked the slot may be stopped before it wakes anybody, and a free slot does not tell that somebody is still to be woken.
            announce(slot, word);
            if (!recoverable.recover(slot)) {
                return false;
            }
            CrashPoint.RECOVERY_SPACE_RECOVERED.pass();
            words.setVolatile(offset, word(generation(word), FREE));
            return true;
        }
    }

    private static boolean isOver(int word) {
        return state(word) == DEAD || state(word) == LEFT;
    }

    /** {@return whether the process of that id is alive, be it that it has left} Holds for a process whose slot nobody has freed since. */
    boolean exists(int id) {
        return locks.isLive(slotOf(id));
    }

    /** {@return what the live processes say of themselves} */
    List<ProcessRecord> live() {
        List<ProcessRecord> records = new ArrayList<>();
        int used = used();
        for (int slot = 0; slot < used; slot++) {
            int word = words.getVolatile(slotOffset(slot));
            ProcessRecord record = state(word) == LIVE ? record(id(slot, generation(word))) : null;
            if (record != null) {
                records.add(record);
            }
        }
        return records;
    }

    /** {@return whether the process of that id has ended, although its slot does not say so yet} */
    boolean hasEndedUnnoticed(int id) {
        return !isDead(id) && hasEnded(slotOf(id));
    }

    /** {@return the id of the live process in the nearest slot behind, in a circle, or 0 if there is no other} */
    int successor(int self) {
        int used = used();
        for (int i = 1; i < used; i++) {
            int slot = (self + i) % used;
            int word = words.getVolatile(slotOffset(slot));
            if (state(word) == LIVE) {
                return id(slot, generation(word));
            }
        }
        return 0;
    }

    /** Changes what the process that owns the slot says of itself. */
    void rewrite(int id, ProcessRecord record) {
        record.write(words, DomainLayout.slotOffset(DomainLayout.slotOf(id)));
    }

    /** {@return the id of a live process by its number and its parent's id, or 0 if there is none} */
    int findLive(int pid, int parent) {
        int used = used();
        for (int slot = 0; slot < used; slot++) {
            long offset = slotOffset(slot);
            int word = words.getVolatile(offset);
            if (state(word) == LIVE && words.getPlain(offset + PID) == pid && words.getPlain(offset + PARENT) == parent) {
                return id(slot, generation(word));
            }
        }
        return 0;
    }

    /** {@return what the process of that id wrote about itself, or null if its slot was taken by another since} */
    @Nullable
    ProcessRecord record(int id) {
        if (slotOf(id) >= used()) {
            return null;
        }
        long offset = slotOffset(slotOf(id));
        ProcessRecord record = ProcessRecord.read(words, offset);
        // Pairs with tryJoin(): the generation is read after the record, and so is that of the record or a later one.
        words.fence();
        return generation(words.getVolatile(offset)) == generationOf(id) ? record : null;
    }

    /** {@return how many processes live} */
    int liveCount() {
        int count = 0;
        int used = used();
        for (int slot = 0; slot < used; slot++) {
            if (state(words.getVolatile(slotOffset(slot))) == LIVE) {
                count++;
            }
        }
        return count;
    }

    private int used() {
        return words.getAcquire(SLOTS_USED_OFFSET);
    }
}
