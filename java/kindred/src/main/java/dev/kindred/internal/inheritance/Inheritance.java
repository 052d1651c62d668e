// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.inheritance;

import java.io.InvalidObjectException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.kindred.NotInheritableException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.space.Block;
import dev.kindred.internal.space.NamedSpaces;
import dev.kindred.internal.space.Space;
import org.jspecify.annotations.Nullable;

/**
 * What travels from a parent to a child while the child is being started; and, of that, what also travels in a message: descriptors.
 *
 * <p>An inheritable object replaces itself, when it is serialized, by a ticket that holds what {@link #travel} returns; the ticket turns into the
 * object again in the child, through {@link #adopt} and {@link #descriptor}. Both work only between the opening and the closing of an
 * {@link Outgoing} or {@link Incoming} on the calling thread.
 *
 * <p>A message is one of these, too, in which only descriptors travel, or not even these: then it says why.
 */
public final class Inheritance {

    private static final ThreadLocal<@Nullable Outgoing> OUTGOING = new ThreadLocal<>();
    private static final ThreadLocal<@Nullable Incoming> INCOMING = new ThreadLocal<>();

    /** What identifies a block on its way has its offset in the lower bits, and the number of its space above. */
    private static final int OFFSET_BITS = 48;

    private static final String NO_START = "an inherited object arrived where no child was being started";

    private static final String DESCRIPTOR_WAYS = "go to a child as a capture or an argument of its task, and over a connection that is a Unix socket (of a "
            + "two-way Pipe, or of a Listener with a path or an abstract name) inside of what its send(Object) is given: nothing else carries descriptors";

    private Inheritance() {}

    /** What a start in the parent takes along. */
    public static final class Outgoing implements AutoCloseable {

        private final List<Block> blocks = new ArrayList<>();
        private final List<Integer> descriptors = new ArrayList<>();

        /** The named spaces that blocks are of, in the order of their numbers. */
        private final Map<String, NamedSpaces.Use> spaces = new LinkedHashMap<>();

        private final boolean isStart;

        /** Why no descriptor travels, or null if they do. */
        private final @Nullable String refusal;

        /** What was under way on this thread before: a message may be sent by what is being serialized. */
        private final @Nullable Outgoing before;

        private Outgoing(boolean isStart, @Nullable String refusal, @Nullable Outgoing before) {
            this.isStart = isStart;
            this.refusal = refusal;
            this.before = before;
        }

        /** {@return what keeps that which travels as it is} To be closed when the child says that it has adopted it, or has ended. */
        public Kept keep() {
            return new Kept(List.copyOf(blocks), spaces.keySet().stream().map(NamedSpaces::openAgain).toList());
        }

        /** {@return how the child finds the named spaces that it needs, in the order of their numbers} */
        public List<NamedSpaces.Passage> spaces() {
            return spaces.values().stream().map(use -> NamedSpaces.passage(use.space())).toList();
        }

        /** {@return the number of the space of a block that travels, 0 for the family's} */
        private long add(Block block) {
            block.requireMembership();
            blocks.add(block);
            String space = block.space().name();
            if (space == null) {
                return 0;
            }
            if (!spaces.containsKey(space)) {
                spaces.put(space, NamedSpaces.openAgain(space));
            }
            return List.copyOf(spaces.keySet()).indexOf(space) + 1L;
        }

        /** {@return the descriptors that travel, in the order of their indexes} They are duplicates, closed by {@link #close}. */
        public int[] descriptors() {
            return descriptors.stream().mapToInt(Integer::intValue).toArray();
        }

        /** Ends the taking along; what was taken stays as it is. To be called when the descriptors have been sent. */
        @Override
        public void close() {
            if (before == null) {
                OUTGOING.remove();
            } else {
                OUTGOING.set(before);
            }
            closeSpaces();
            closeDescriptors();
        }

        private void closeSpaces() {
            spaces.values().forEach(NamedSpaces.Use::close);
            spaces.clear();
        }

        private void closeDescriptors() {
            descriptors.forEach(Descriptors::close);
            descriptors.clear();
        }
    }

    /** Holds blocks, and with them their marks and the spaces that they are of, until a child has marked them itself. */
    public static final class Kept implements AutoCloseable {

        @SuppressWarnings("UnusedVariable") // It is enough that they are held.
        private List<Block> blocks;

        private final List<NamedSpaces.Use> spaces;

        private Kept(List<Block> blocks, List<NamedSpaces.Use> spaces) {
            this.blocks = blocks;
            this.spaces = spaces;
        }

        /** Ends the keeping, unless it has ended. */
        @Override
        public synchronized void close() {
            blocks = List.of();
            spaces.forEach(NamedSpaces.Use::close);
        }
    }

    /** What a child gets, or the receiver of a message. */
    public static final class Incoming implements AutoCloseable {

        private static final int TAKEN = -1;

        private final int[] descriptors;
        private final List<NamedSpaces.Passage> spaces;
        private final boolean isStart;
        private final @Nullable Incoming before;

        private Incoming(int[] descriptors, List<NamedSpaces.Passage> spaces, boolean isStart, @Nullable Incoming before) {
            this.descriptors = descriptors;
            this.spaces = spaces;
            this.isStart = isStart;
            this.before = before;
        }

        /** {@return the descriptor of that index} Of a message, whose sender is not trusted, each is given to one owner only. */
        private int take(int index) throws InvalidObjectException {
            if (index < 0 || index >= descriptors.length || descriptors[index] == TAKEN) {
                throw new InvalidObjectException("descriptor " + index + " of the " + (isStart ? "start" : "message") + " is missing: "
                        + descriptors.length + " came along, each of which has one owner");
            }
            int descriptor = descriptors[index];
            if (!isStart) {
                descriptors[index] = TAKEN;
            }
            return descriptor;
        }

        /** Ends the taking over, and closes the descriptors of a message that nobody has taken. */
        @Override
        public void close() {
            if (before == null) {
                INCOMING.remove();
            } else {
                INCOMING.set(before);
            }
            if (!isStart) {
                for (int descriptor : descriptors) {
                    if (descriptor != TAKEN) {
                        Descriptors.close(descriptor);
                    }
                }
            }
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
        Outgoing outgoing = new Outgoing(true, null, null);
        OUTGOING.set(outgoing);
        return outgoing;
    }

    /**
     * Begins to write a message on the calling thread.
     *
     * @param refusal how a descriptor could travel and why it cannot in this message, as the end of a sentence on its type; null if it can
     */
    public static Outgoing outgoingMessage(@Nullable String refusal) {
        Outgoing outgoing = new Outgoing(false, refusal, OUTGOING.get());
        OUTGOING.set(outgoing);
        return outgoing;
    }

    /** Forgets what the start that is under way on the calling thread has taken along so far. */
    public static void restart() {
        Outgoing outgoing = OUTGOING.get();
        if (outgoing != null) {
            outgoing.blocks.clear();
            outgoing.closeSpaces();
            outgoing.closeDescriptors();
        }
    }

    /**
     * Begins to take over, on the calling thread, what the parent passes on.
     *
     * @param descriptors that came along
     * @param spaces      how the named spaces are found that blocks are of
     */
    public static Incoming incoming(int[] descriptors, List<NamedSpaces.Passage> spaces) {
        Incoming incoming = new Incoming(descriptors.clone(), List.copyOf(spaces), true, null);
        INCOMING.set(incoming);
        return incoming;
    }

    /**
     * Begins to read a message on the calling thread.
     *
     * @param descriptors that came along; they are closed in the end, but for those that somebody has taken
     */
    public static Incoming incomingMessage(int[] descriptors) {
        Incoming incoming = new Incoming(descriptors.clone(), List.of(), false, INCOMING.get());
        INCOMING.set(incoming);
        return incoming;
    }

    /**
     * Takes a block along.
     *
     * @param what the inheritable object that lies in it
     * @return what the child must pass to {@link #adopt}
     * @throws NotInheritableException              if no start is under way on the calling thread
     * @throws dev.kindred.SpaceClosedException if this process has left the space that the object is of
     */
    public static long travel(Object what, Block block) throws NotInheritableException {
        return startUnderWay(what).add(block) << OFFSET_BITS | block.offset();
    }

    /**
     * Takes a descriptor along.
     *
     * @param what the inheritable object that it belongs to
     * @return what the child must pass to {@link #descriptor}
     * @throws NotInheritableException if neither a start nor a message that takes descriptors is under way on the calling thread
     */
    public static int travel(Object what, int descriptor) throws NotInheritableException {
        Outgoing outgoing = OUTGOING.get();
        if (outgoing == null) {
            throw new NotInheritableException(what.getClass(), DESCRIPTOR_WAYS);
        }
        if (outgoing.refusal != null) {
            throw new NotInheritableException(what.getClass(), outgoing.refusal);
        }
        List<Integer> descriptors = outgoing.descriptors;
        // Its owner may close it before it is sent, and its number be another file's then.
        descriptors.add(Descriptors.duplicate(descriptor));
        return descriptors.size() - 1;
    }

    /**
     * Refuses to let an object travel that goes only to children.
     *
     * @param what the object
     * @throws NotInheritableException if no start is under way on the calling thread
     */
    public static void requireStart(Object what) throws NotInheritableException {
        Outgoing _ = startUnderWay(what);
    }

    /**
     * Refuses to let an object arrive that goes only to children.
     *
     * @throws InvalidObjectException if no child is being started on the calling thread
     */
    public static void requireArrivingStart() throws InvalidObjectException {
        if (!arriving().isStart) {
            throw new InvalidObjectException(NO_START);
        }
    }

    private static Outgoing startUnderWay(Object what) throws NotInheritableException {
        Outgoing outgoing = OUTGOING.get();
        if (outgoing == null || !outgoing.isStart) {
            throw new NotInheritableException(what.getClass());
        }
        return outgoing;
    }

    /**
     * Takes over a block, in the child.
     *
     * @param block what {@link #travel} returned in the parent
     * @throws InvalidObjectException if no start is under way on the calling thread
     * @throws IllegalStateException  if the parent has died, or no such block exists
     */
    public static Block adopt(long block) throws InvalidObjectException {
        requireArrivingStart();
        List<NamedSpaces.Passage> spaces = arriving().spaces;
        int space = (int) (block >>> OFFSET_BITS);
        long offset = block & (1L << OFFSET_BITS) - 1;
        return space == 0 ? Space.current().adopt(offset) : NamedSpaces.adopt(spaces.get(space - 1), offset);
    }

    /**
     * Takes over a descriptor, in the child or where a message is read; it belongs to the caller then.
     *
     * @throws InvalidObjectException if neither is under way on the calling thread, or no such descriptor came along
     */
    public static int descriptor(int index) throws InvalidObjectException {
        return arriving().take(index);
    }

    private static Incoming arriving() throws InvalidObjectException {
        Incoming incoming = INCOMING.get();
        if (incoming == null) {
            throw new InvalidObjectException(NO_START);
        }
        return incoming;
    }
}
