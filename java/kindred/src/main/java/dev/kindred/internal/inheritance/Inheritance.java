// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.inheritance;

import java.io.InvalidObjectException;
import java.util.ArrayList;
import java.util.List;

import dev.kindred.NotInheritableException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.Space;
import org.jspecify.annotations.Nullable;

/**
 * What travels from a parent to a child while the child is being started, and only then.
 *
 * <p>An inheritable object replaces itself, when it is serialized, by a ticket that holds what {@link #travel} returns; the ticket turns into the
 * object again in the child, through {@link #adopt} and {@link #descriptor}. Both work only between the opening and the closing of an
 * {@link Outgoing} or {@link Incoming} on the calling thread.
 */
public final class Inheritance {

    private static final ThreadLocal<@Nullable Outgoing> OUTGOING = new ThreadLocal<>();
    private static final ThreadLocal<@Nullable Incoming> INCOMING = new ThreadLocal<>();

    private Inheritance() {}

    /** What a start in the parent takes along. It holds the blocks, and with them their marks, until the child has marked them itself. */
    public static final class Outgoing implements AutoCloseable {

        private final List<Block> blocks = new ArrayList<>();
        private final List<Integer> descriptors = new ArrayList<>();

        private Outgoing() {}

        /** {@return the blocks that travel} To be kept reachable until the child says that it has adopted them, or has ended. */
        public List<Block> blocks() {
            return List.copyOf(blocks);
        }

        /** {@return the descriptors that travel, in the order of their indexes} They are duplicates, closed by {@link #close}. */
        public int[] descriptors() {
            return descriptors.stream().mapToInt(Integer::intValue).toArray();
        }

        /** Ends the taking along; what was taken stays as it is. To be called when the descriptors have been sent. */
        @Override
        public void close() {
            OUTGOING.remove();
            closeDescriptors();
        }

        private void closeDescriptors() {
            descriptors.forEach(Descriptors::close);
            descriptors.clear();
        }
    }

    /** What a child gets. */
    public static final class Incoming implements AutoCloseable {

        private final int[] descriptors;

        private Incoming(int[] descriptors) {
            this.descriptors = descriptors;
        }

        /** Ends the taking over. */
        @Override
        public void close() {
            INCOMING.remove();
        }
    }

    /**
     * Begins a start on the calling thread.
     *
     * @throws IllegalStateException if one is under way on it
     */
    public static Outgoing outgoing() {
        if (OUTGOING.get() != null) {
            throw new IllegalStateException("a start is under way on this thread already");
        }
        Outgoing outgoing = new Outgoing();
        OUTGOING.set(outgoing);
        return outgoing;
    }

    /** Forgets what the start that is under way on the calling thread has taken along so far. */
    public static void restart() {
        Outgoing outgoing = OUTGOING.get();
        if (outgoing != null) {
            outgoing.blocks.clear();
            outgoing.closeDescriptors();
        }
    }

    /** Begins to take over, on the calling thread, what the parent passes on. */
    public static Incoming incoming(int[] descriptors) {
        Incoming incoming = new Incoming(descriptors.clone());
        INCOMING.set(incoming);
        return incoming;
    }

    /**
     * Takes a block along.
     *
     * @param what the inheritable object that lies in it
     * @return what the child must pass to {@link #adopt}
     * @throws NotInheritableException if no start is under way on the calling thread
     */
    public static long travel(Object what, Block block) throws NotInheritableException {
        startUnderWay(what).blocks.add(block);
        return block.offset();
    }

    /**
     * Takes a descriptor along.
     *
     * @param what the inheritable object that it belongs to
     * @return what the child must pass to {@link #descriptor}
     * @throws NotInheritableException if no start is under way on the calling thread
     */
    public static int travel(Object what, int descriptor) throws NotInheritableException {
        List<Integer> descriptors = startUnderWay(what).descriptors;
        // Its owner may close it before it is sent, and its number be another file's then.
        descriptors.add(Descriptors.duplicate(descriptor));
        return descriptors.size() - 1;
    }

    private static Outgoing startUnderWay(Object what) throws NotInheritableException {
        Outgoing outgoing = OUTGOING.get();
        if (outgoing == null) {
            throw new NotInheritableException(what.getClass());
        }
        return outgoing;
    }

    /**
     * Takes over a block, in the child.
     *
     * @throws InvalidObjectException if no start is under way on the calling thread
     * @throws IllegalStateException  if the parent has died, or no such block exists
     */
    public static Block adopt(long offset) throws InvalidObjectException {
        arriving();
        return Space.current().adopt(offset);
    }

    /**
     * Takes over a descriptor, in the child; it belongs to the caller then.
     *
     * @throws InvalidObjectException if no start is under way on the calling thread, or no such descriptor came along
     */
    public static int descriptor(int index) throws InvalidObjectException {
        int[] descriptors = arriving().descriptors;
        if (index < 0 || index >= descriptors.length) {
            throw new InvalidObjectException("descriptor " + index + " of the start is missing: " + descriptors.length + " came along");
        }
        return descriptors[index];
    }

    private static Incoming arriving() throws InvalidObjectException {
        Incoming incoming = INCOMING.get();
        if (incoming == null) {
            throw new InvalidObjectException("an inherited object arrived where no child was being started");
        }
        return incoming;
    }
}
