// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

import dev.kindred.Space;
import dev.kindred.internal.inheritance.Inheritance;
import dev.kindred.internal.ring.FixedRing;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedObject;
import dev.kindred.internal.sync.Deadlines;
import dev.kindred.internal.words.MappedWords;
import dev.kindred.internal.words.Words;
import dev.kindred.memory.RawStruct;
import dev.kindred.memory.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A queue of records that are all of one type and size, as structs of C, in shared memory: any number of threads and processes put and take. There is no
 * encoding but storing the components, so neither names nor lengths lie in the queue.
 *
 * {@snippet :
 * record Quote(long time, double bid, double ask) {}
 *
 * RecordQueue<Quote> quotes = RecordQueue.of(Quote.class, 1024);
 * ChildProcess child = ChildProcess.start(() -> quotes.put(new Quote(System.nanoTime(), 1.5, 1.6)));
 * System.out.println(quotes.take());
 * child.join();
 * }
 *
 * <p>What types the components can have, {@link StructType#of(Class)} says. A record is there for others when {@code put} returns, in the order of the puts,
 * and stays whatever becomes of the process that put it. {@code put} waits as long as there is no room, {@code take} as long as there is nothing.
 *
 * <p>Threads and virtual threads of all processes of a family may call every method at any time. It is shared with children by inheritance, and with
 * processes that are not related by its name in a {@link Space}. The record's accessors and its constructor run while others of the same side wait, so they
 * should not do anything that takes time.
 *
 * <p><b>When a process ends</b>, killed or not, the queue and what is in it stay as they were: a record that it was putting is there as a whole or not at
 * all, and one that it was taking is there, or was taken and then is gone with it. Nobody waits for it. A process that is merely stopped while it puts or
 * takes keeps the others that do the same waiting, for that moment longer than usual; a call with a deadline ends at that.
 *
 * <p><b>Memory consistency effects:</b> what a thread did before it put a record happens-before what another, of whatever process, does after it has
 * taken it, on all memory that the two share.
 *
 * @param <R> the records
 */
public final class RecordQueue<R> extends AbstractRingQueue {

    @Serial
    private static final long serialVersionUID = 1;

    /** As much of a struct's declaration as tells it from others, in what those who meet at a name must agree on. */
    private static final int DECLARATION_LIMIT = 140;

    private final transient FixedRing ring;
    private final transient MappedWords words;
    private final transient StructType<R> type;

    /** What is put is written here first, by the one who has claimed room. */
    private final transient RawStruct<R> outgoing;

    /** What is taken is read from here, by the one who has found it. */
    private final transient RawStruct<R> incoming;

    /**
     * Creates a queue.
     *
     * @param <T>      the records
     * @param record   their type
     * @param elements the most records that can be in it at once
     * @return the queue
     * @throws IllegalArgumentException               if the record cannot be a struct, or the number is less than 1 or more than 16,777,216
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public static <T extends Record> RecordQueue<T> of(Class<T> record, int elements) {
        return new RecordQueue<>(StructType.of(record), elements);
    }

    /**
     * Creates a queue.
     *
     * @param type     of the structs, made from a record
     * @param elements the most records that can be in it at once
     * @throws IllegalArgumentException               if the number is less than 1 or more than 16,777,216
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left
     */
    public RecordQueue(StructType<R> type, int elements) {
        this(allocate(type, QueueSizes.requireElements("RecordQueue", elements)), type);
    }

    /**
     * Opens the queue of a name in a space, which is created if there is none. However many processes do so at once, they get the same queue.
     *
     * @param <T>      the records
     * @param space    where
     * @param name     1 to 128 ASCII letters, digits, dots, dashes and underscores
     * @param type     of the structs; all who open it must mean the same
     * @param elements the most records that can be in it at once; all who open it must mean the same
     * @return the queue
     * @throws IllegalArgumentException               if that is no name for an object, or no size
     * @throws IllegalStateException                  if something else than such a queue has the name
     * @throws dev.kindred.SpaceClosedException       if the space is closed
     * @throws dev.kindred.OutOfSharedMemoryException if there is no shared memory left for a new one
     */
    public static <T> RecordQueue<T> open(Space space, String name, StructType<T> type, int elements) {
        int most = QueueSizes.requireElements("RecordQueue", elements);
        String declaration = type.toString();
        String what = declaration.substring(0, Math.min(declaration.length(), DECLARATION_LIMIT));
        NamedObject object = new NamedObject(name, "RecordQueue", "of " + most + " times " + type.size() + " bytes, " + what, false);
        return new RecordQueue<>(QueueBlocks.openOrCreate(space, object, FixedRing.size(most, bytes(type)),
                (words, offset) -> FixedRing.initialize(words, offset, most, bytes(type))), type);
    }

    private static Block allocate(StructType<?> type, int elements) {
        return QueueBlocks.create(FixedRing.size(elements, bytes(type)),
                (words, offset) -> FixedRing.initialize(words, offset, elements, bytes(type)));
    }

    private static int bytes(StructType<?> type) {
        return Math.toIntExact(type.size());
    }

    private RecordQueue(Block block, StructType<R> type) {
        this(block, type, new FixedRing(block.words(), block.offset(), block.space().domain().id(), block.space().domain()));
    }

    private RecordQueue(Block block, StructType<R> type, FixedRing ring) {
        super("RecordQueue", block, ring);
        this.ring = ring;
        this.words = block.words();
        this.type = type;
        this.outgoing = RawStruct.of(type);
        this.incoming = RawStruct.of(type);
    }

    /**
     * Puts a record, waiting as long as there is no room and the thread is not interrupted. The wait ends when something was taken.
     *
     * @param record the record
     * @throws ArithmeticException              if a field cannot hold its component; nothing was put
     * @throws IllegalArgumentException         if an array or text has another length than its field; nothing was put
     * @throws InterruptedException             if the thread is or gets interrupted; its interrupt status is cleared and nothing was put
     * @throws QueueShutDownException           if the queue is or gets shut down; nothing was put
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public void put(R record) throws InterruptedException {
        core.beginInterruptibly();
        boolean _ = core.isDone(put(record, Words.NO_DEADLINE, true));
    }

    /**
     * Puts a record if there is room, without waiting for it.
     *
     * @param record the record
     * @return whether it was put
     * @throws ArithmeticException as for {@link #put}, as are the others
     */
    public boolean offer(R record) {
        core.requireOpen();
        return core.isDoneAtOnce(put(record, Words.AT_ONCE, false));
    }

    /**
     * Puts a record, waiting for room for a time at most.
     *
     * @param record the record
     * @param time   how long; zero or less does not wait at all
     * @param unit   the unit of {@code time}
     * @return whether it was put
     * @throws InterruptedException as for {@link #put}, as are the others
     */
    public boolean offer(R record, long time, TimeUnit unit) throws InterruptedException {
        core.beginInterruptibly();
        return core.isDone(put(record, Deadlines.after(time, unit), true));
    }

    private int put(R record, long deadline, boolean interruptible) {
        int outcome = ring.claim(deadline, interruptible);
        if (outcome == FixedRing.DONE) {
            boolean written = false;
            try {
                outgoing.set(record);
                MemorySegment.copy(outgoing.segment(), 0, words.memory(), ring.claimed(0), type.size());
                written = true;
            } finally {
                if (!written) {
                    ring.cancel();
                }
            }
            ring.publish(1);
        }
        return outcome;
    }

    /**
     * Puts records one after the other, waiting as long as there is no room for the next. They are taken in their order, but those of others may lie between
     * them.
     *
     * @param records what to put
     * @throws ArithmeticException  as for {@link #put}, as are the others; the records before the one it happened at were put
     * @throws InterruptedException as for {@link #put}
     */
    public void putAll(Iterable<? extends R> records) throws InterruptedException {
        for (R record : records) {
            put(record);
        }
    }

    /**
     * Takes a record, waiting as long as there is none and the thread is not interrupted. The wait ends when one was put and no other thread was faster to
     * take it.
     *
     * @return the record
     * @throws UndecodableElementException      if the record's constructor refuses what was put; it was taken, and the queue goes on
     * @throws InterruptedException             if the thread is or gets interrupted; its interrupt status is cleared and nothing was taken
     * @throws QueueShutDownException           if the queue is or gets shut down and there is nothing left
     * @throws QueueClosedException             if this process has closed it
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the queue is of
     */
    public R take() throws InterruptedException {
        core.beginInterruptibly();
        boolean _ = core.isDone(ring.find(Words.NO_DEADLINE, true));
        return takeFound();
    }

    /**
     * Takes a record if there is one, without waiting for it.
     *
     * @return the record, or null
     * @throws UndecodableElementException as for {@link #take}, as are the others
     */
    public @Nullable R poll() {
        core.requireOpen();
        return core.isDoneAtOnce(ring.find(Words.AT_ONCE, false)) ? takeFound() : null;
    }

    /**
     * Takes a record, waiting for one for a time at most.
     *
     * @param time how long; zero or less does not wait at all
     * @param unit the unit of {@code time}
     * @return the record, or null
     * @throws InterruptedException as for {@link #take}, as are the others
     */
    public @Nullable R poll(long time, TimeUnit unit) throws InterruptedException {
        core.beginInterruptibly();
        return core.isDone(ring.find(Deadlines.after(time, unit), true)) ? takeFound() : null;
    }

    private R takeFound() {
        try {
            MemorySegment.copy(words.memory(), ring.found(0), incoming.segment(), 0, type.size());
            return incoming.get();
        } catch (RuntimeException e) {
            throw new UndecodableElementException("a record of " + type.name() + " cannot be made: " + e, type.name(), e);
        } finally {
            ring.take(1);
        }
    }

    /**
     * Takes as many records as there are and are wanted, without waiting.
     *
     * @param collection gets them, in their order
     * @param most       how many are wanted
     * @return how many were taken
     * @throws UndecodableElementException as for {@link #take}, as are the others; those before it are in the collection, those behind it in the queue
     */
    public int drainTo(Collection<? super R> collection, int most) {
        int taken = 0;
        while (taken < most) {
            R record = poll();
            if (record == null) {
                return taken;
            }
            collection.add(record);
            taken++;
        }
        return taken;
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return new Ticket<>(Inheritance.travel(this, core.block()), type);
    }

    /** How it travels to a child: where it lies, and what its structs are. */
    private record Ticket<R>(long block, StructType<R> type) implements Serializable {

        @Serial
        private Object readResolve() throws ObjectStreamException {
            return new RecordQueue<>(Inheritance.adopt(block), type);
        }
    }
}
