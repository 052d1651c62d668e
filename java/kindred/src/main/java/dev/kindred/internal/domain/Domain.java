// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import dev.kindred.SystemCallException;
import dev.kindred.internal.sync.Liveness;
import dev.kindred.internal.sync.MutexLayout;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Processes;
import dev.kindred.internal.words.MappedWords;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * This process's membership in a domain, a family of processes or a named one: its id, and the discovery of the deaths of the others.
 *
 * <p>Each process watches its children (whoever starts them calls {@link #childEnded} when one ends), its parent, and its successor in the
 * table. Any death makes the watcher look at all slots, so members that die together are found together; and as the table is a circle,
 * no part of a family can die unseen while another part lives.
 *
 * <p>A death is noticed in two ways: ordinarily when the process begins to end ({@link Watcher}), and, should that fail, when the kernel has freed its
 * memory, which descriptors tell.
 */
public final class Domain implements Liveness {

    /** How often a member of a named domain looks for dead ones whom nobody has missed. */
    private static final long LOOK_NANOSECONDS = 1_000_000_000;

    private final DomainFile file;
    private final MappedWords words;
    private final SlotTable table;
    private volatile ProcessRecord record;

    /** Whether it is a named one. Set before the watching thread begins. */
    private boolean isNamed;

    private final int id;

    /** Asks the kernel about the processes whose numbers mean the same here. */
    private record EndInNamespace(long own) implements EndProof {
        @Override
        public boolean hasEnded(int pid, long pidNamespace) {
            return pidNamespace == own && Processes.hasEnded(pid);
        }
    }

    /** The ids of processes whose end no descriptor tells, or has told before their live byte was free: their bytes are looked at again and again. */
    private final Set<Integer> polled = new HashSet<>();

    private Domain(DomainFile file, ProcessRecord record) {
        this.file = file;
        this.words = file.words();
        this.record = record;
        this.table = new SlotTable(words, new FileSlotLocks(file.guardedDescriptor()), new EndInNamespace(record.pidNamespace()), file);
        this.id = table.join(record);
    }

    /**
     * Joins the family of a file for the rest of this process's life.
     *
     * @param name   what messages are to call this process
     * @param parent the id of the process that started this one, 0 for none
     */
    public static Domain join(DomainFile file, String name, int parent) {
        return new Domain(file, new ProcessRecord(name, Processes.processId(), pidNamespace(), parent));
    }

    private static long pidNamespace() {
        int descriptor = Descriptors.open("/proc/self/ns/pid", Descriptors.O_RDONLY, 0);
        try {
            return Descriptors.status(descriptor).inode();
        } finally {
            Descriptors.close(descriptor);
        }
    }

    /**
     * Begins to watch the others and recovers what it finds.
     *
     * @param ofTheDead what removes the traces of a dead process
     */
    public void watch(Recoverable ofTheDead) {
        if (record.parent() != 0 && Watch.begin(this, record.parent()) == null) {
            poll(record.parent());
        }
        new Watcher(this, ofTheDead, words, table, record.parent()).start();
    }

    /** Finds the dead, and does what is to be done for them. {@return whether nothing is left to be done} */
    boolean recover(Recoverable ofTheDead) {
        sweep();
        boolean freed = table.freeDead(ofTheDead);
        return isNobodyPolled() && freed;
    }

    /**
     * A process that enters a named domain and dies before it has told so is nobody's child, and nobody's successor that anybody knows of.
     * It holds nothing yet, so that it is early enough to find it in a while.
     */
    long nextLook() {
        return isNamed ? System.nanoTime() + LOOK_NANOSECONDS : Words.NO_DEADLINE;
    }

    /**
     * Tells the others that this process has entered a named domain: none is its parent, so one of them must begin to watch it. To be
     * called before anything else is done there.
     */
    public void announceEntry() {
        isNamed = true;
        sweep();
        table.lives().announceEntry(id);
    }

    /** Leaves the table, but keeps the live byte. */
    void leave() {
        table.leave(id);
    }

    /**
     * Looks for members that have died, and wakes all who wait for what they held. What else is to be done for the dead is left to this process's
     * watching thread, or another's, so this waits for nothing.
     */
    public void sweep() {
        table.findDead(DomainLayout.slotOf(id));
    }

    /**
     * Recovers a process that is known to have ended. If nothing is left of it that shows so, and its live byte is still held by a child that is
     * being started with its memory, this process looks again until the byte is free.
     */
    public void ended(int process) {
        sweep();
        if (!isDead(process)) {
            poll(process);
            words.wakeEpoch();
        }
    }

    /** Recovers a child of this process that has ended, as {@link #ended} does. To be called before it is reaped: until then its number is its own. */
    public void childEnded(int pid) {
        sweep();
        int child = table.findLive(pid, id);
        if (child != 0) {
            ended(child);
        }
    }

    private synchronized void poll(int process) {
        polled.add(process);
    }

    private synchronized boolean isNobodyPolled() {
        for (Iterator<Integer> each = polled.iterator(); each.hasNext();) {
            if (isDead(each.next())) {
                each.remove();
            }
        }
        return polled.isEmpty();
    }

    /** {@return the id of this process} */
    public int id() {
        return id;
    }

    /**
     * Gives this process another name, as a spare gets one with its task. Who reads the name meanwhile may see a mixture of both.
     *
     * @param name what messages are to call it from now on
     */
    public synchronized void rename(String name) {
        record = new ProcessRecord(name, record.pid(), record.pidNamespace(), record.parent());
        table.rewrite(id, record);
    }

    /** {@return the name of this process} */
    public String name() {
        return record.name();
    }

    /** {@return the file of the family} */
    public DomainFile file() {
        return file;
    }

    SlotTable table() {
        return table;
    }

    /** {@return what the processes of the domain that live say of themselves} */
    public List<ProcessRecord> members() {
        return table.live();
    }

    /** {@return how many processes of the family live} */
    public int liveCount() {
        return table.liveCount();
    }

    @Override
    public boolean isDead(int process) {
        return table.isDead(process);
    }

    @Override
    public void examine(int process) {
        if (table.hasEndedUnnoticed(process)) {
            sweep();
        }
    }

    /** {@return whether the process is found dead now, although nobody may have noticed yet} */
    boolean isDeadNow(int process) {
        sweep();
        return isDead(process);
    }

    /** {@return what the process wrote about itself, or null if its slot was taken by another since} */
    public @Nullable ProcessRecord record(int process) {
        return table.record(process);
    }

    /** {@return a process's name and number, for messages} */
    public String describe(int process) {
        if (process == id) {
            return "this process (" + record.name() + ", pid " + record.pid() + ")";
        }
        if (process == MutexLayout.NOBODY) {
            return "a process that is not recorded";
        }
        ProcessRecord other = table.record(process);
        return other == null ? "a process that ended some time ago" : other.name() + " (pid " + other.pid() + ")";
    }

    /** {@return a descriptor that is readable once the process has ended, or -1 if its end cannot be watched from here} */
    int openWatchable(int process) {
        ProcessRecord other = table.record(process);
        if (other == null || other.pidNamespace() != record.pidNamespace()) {
            return -1;
        }
        int pidfd;
        try {
            pidfd = Processes.pidfdOpen(other.pid());
        } catch (SystemCallException gone) {
            return -1;
        }
        // Alive after the number was resolved, hence alive when it was: the descriptor is of that process and of no later one.
        if (isDeadNow(process)) {
            Descriptors.close(pidfd);
            return -1;
        }
        return pidfd;
    }
}
