// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.sync;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.lang.ref.Reference;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.kindred.ProcessIdentity;
import dev.kindred.Space;
import dev.kindred.internal.domain.Domain;
import dev.kindred.internal.domain.ProcessRecord;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.sync.PermitCells;
import dev.kindred.internal.sync.PermitCellsLayout;

/**
 * A fixed number of permits that know which processes hold them: when a process ends, its permits come back.
 *
 * {@snippet :
 * RobustSemaphore connections = new RobustSemaphore(2);
 * ChildProcess child = ChildProcess.start(() -> {
 *     connections.acquire();
 *     System.exit(1);    // or a crash: the permit is not lost
 * });
 * child.join();
 * connections.acquire();
 * connections.acquire();
 * System.out.println(connections.holders());
 * }
 *
 * <p>A permit belongs to the process that took it: any thread of that process, and no other process, may give it back, by the same object
 * in that process. There are never more permits than at first. A free permit goes to whoever is first to ask for it; but a process that has
 * waited for a millisecond goes before those who come new. Where there are permits, taking one is one compare-and-set in shared memory, and
 * giving it back is two, without a call into the kernel where nobody waits, and without garbage. With all permits taken, an attempt looks
 * at each of them.
 *
 * <p><b>Who can reach it:</b> threads and virtual threads of all processes of a family. Children get it by inheritance: captured in a
 * child's task or passed as an argument when the child is started, it is the same semaphore there. Processes that are not related {@linkplain
 * #open open} it by its name in a {@link Space}; every call on such a one throws a {@link dev.kindred.SpaceClosedException}, also while it
 * waits, once this process has left the space. C code cannot use it. It takes 8 bytes and 4 for each permit, rounded up to a multiple of
 * 64, which are freed when no process can reach it any more and it has no name.
 *
 * <p><b>What a crash leaves behind:</b> nothing. The permits of a process that ended, killed or not, or has left the space, are there for others as soon as its
 * end is seen, which takes milliseconds, and all who wait are woken for them. What the permits stood for, such as a half-written file, is
 * for the program to repair: nobody is told whose permit it gets. A process that is merely stopped keeps its permits; if it was woken for
 * one without taking it, others that wait find that within a second.
 *
 * <p><b>Fairness:</b> as of a {@link Lock}: a permit goes to whoever is first, but who has waited for a millisecond goes before those who come new.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it released happens-before what another, of whatever process, does after
 * it has acquired the permit released, or has begun to acquire any permit later, on all memory that the two share. What a dead holder had
 * done before its death is visible to whoever gets its permit.
 */
public final class RobustSemaphore extends AbstractSemaphore {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Block block;

    /** Each use of it keeps the block allocated meanwhile. */
    private final transient PermitCells cells;

    /**
     * Creates a semaphore with all its permits free.
     *
     * @param permits how many it has, 1 to 4096
     * @throws IllegalArgumentException               if {@code permits} is out of this range
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public RobustSemaphore(int permits) {
        this(allocate(permits));
    }

    /**
     * Opens the semaphore of a name in a space, which is created, with all its permits free, if there is none. However many processes do
     * so at once, they get the same semaphore.
     *
     * @param space   where
     * @param name    1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param permits how many it has, 1 to 4096
     * @return the semaphore
     * @throws IllegalArgumentException               if that is no name for an object, or {@code permits} is out of this range
     * @throws IllegalStateException                  if something else has the name, be it such a semaphore of another number of permits
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static RobustSemaphore open(Space space, String name, int permits) {
        NamedObject object = new NamedObject(name, "RobustSemaphore", "permits: " + requirePermits(permits), false);
        return new RobustSemaphore(NamedBlocks.openOrCreate(space, object, PermitCellsLayout.size(permits),
                (words, offset) -> PermitCells.initialize(words, offset, permits)));
    }

    RobustSemaphore(Block block) {
        this.block = block;
        Domain domain = block.space().domain();
        this.cells = new PermitCells(block.words(), block.offset(), domain.id(), domain);
    }

    private static int requirePermits(int permits) {
        if (permits < 1 || permits > PermitCellsLayout.MOST) {
            throw new IllegalArgumentException("a RobustSemaphore has 1 to " + PermitCellsLayout.MOST + " permits, not " + permits);
        }
        return permits;
    }

    static Block allocate(int permits) {
        Block block = dev.kindred.internal.space.Space.current().allocate(PermitCellsLayout.size(requirePermits(permits)));
        PermitCells.initialize(block.words(), block.offset(), permits);
        return block;
    }

    @Override
    int attempt(long deadline, boolean interruptible) {
        try {
            int outcome = cells.acquire(deadline, interruptible);
            block.requireMembership();
            return outcome;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Gives a permit back, and wakes one who waits for it. Any thread of the process that took it may do so. The interrupt status is
     * neither looked at nor changed.
     *
     * @throws IllegalMonitorStateException     if this process holds no permit that it has taken by this object; nothing is changed then
     * @throws dev.kindred.SpaceClosedException if it is of a space that this process has left
     */
    public void release() {
        boolean released;
        try {
            released = cells.release();
            block.requireMembership();
        } finally {
            Reference.reachabilityFence(block);
        }
        if (!released) {
            throw new IllegalMonitorStateException(this + " cannot be released: this process holds no permit of it");
        }
    }

    /** {@inheritDoc} The permits of a process whose end has been seen count as free. */
    @Override
    public int getValue() {
        try {
            int available = cells.available();
            block.requireMembership();
            return available;
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    /**
     * Says who holds its permits. A permit that changes hands during the call may be missing.
     *
     * @return the living processes that hold permits, and how many each holds
     * @throws dev.kindred.SpaceClosedException if it is of a space that this process has left
     */
    public Map<ProcessIdentity, Integer> holders() {
        Map<ProcessIdentity, Integer> holders = new LinkedHashMap<>();
        countHolders().forEach((id, permits) -> {
            ProcessRecord record = domain().record(id);
            if (record != null) {
                holders.merge(new ProcessIdentity(record.name(), record.pid()), permits, Integer::sum);
            }
        });
        block.requireMembership();
        return holders;
    }

    /** {@return how many permits the process of each id holds} */
    private Map<Integer, Integer> countHolders() {
        Map<Integer, Integer> permits = new LinkedHashMap<>();
        try {
            for (int index = 0; index < cells.count(); index++) {
                int holder = cells.holder(index);
                if (holder != 0) {
                    permits.merge(holder, 1, Integer::sum);
                }
            }
        } finally {
            Reference.reachabilityFence(block);
        }
        return permits;
    }

    private Domain domain() {
        return block.space().domain();
    }

    /** {@return the type, the number of free permits and of all, and who holds how many} */
    @Override
    public String toString() {
        return NamedBlocks.describe(RobustSemaphore.class, block, this::text);
    }

    private String text() {
        StringBuilder text = new StringBuilder("RobustSemaphore[value ").append(getValue()).append(" of ").append(cells.count());
        countHolders().forEach((id, permits) -> text.append(", ").append(permits).append(" held by ").append(domain().describe(id)));
        return text.append(']').toString();
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return new SemaphoreTicket(Inheritance.travel(this, block), SemaphoreTicket.Kind.ROBUST);
    }
}
