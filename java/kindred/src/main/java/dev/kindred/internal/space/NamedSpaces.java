// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.kindred.SpaceClosedException;
import dev.kindred.internal.os.FileStatus;
import dev.kindred.internal.os.JvmEnd;
import org.jspecify.annotations.Nullable;

/** The named spaces that this process has open: at most one membership for each name. */
public final class NamedSpaces {

    /** What stands for a name, whether its space is open or not: its monitor guards the rest. */
    private static final class Place {
        @Nullable NamedSpace current;
    }

    private static final Map<String, Place> PLACES = new ConcurrentHashMap<>();

    private NamedSpaces() {}

    private static final class AtEnd {
        /** Whether the spaces are left when the JVM ends in order. If not, the next to open them recovers them. */
        static final boolean ARRANGED = JvmEnd.call(JvmEnd.SPACES, NamedSpaces::leaveAll);
    }

    /** One who has a space open. */
    public static final class Use implements AutoCloseable {

        private final NamedSpace space;
        private boolean closed;

        private Use(NamedSpace space) {
            this.space = space;
            space.addUser();
        }

        /** {@return the space} */
        public NamedSpace space() {
            return space;
        }

        /** Ends this use, unless it has ended. With the last one, this process leaves the space. */
        @Override
        public void close() {
            Place place = place(space.name());
            synchronized (place) {
                if (closed) {
                    return;
                }
                closed = true;
                if (space.removeUser() && place.current == space) {
                    place.current = null;
                    space.leave();
                }
            }
        }
    }

    private static Place place(String name) {
        return PLACES.computeIfAbsent(name, _ -> new Place());
    }

    /**
     * Opens the space of a name, which is made if there is none.
     *
     * @throws IllegalArgumentException               if it is no name for a space
     * @throws IllegalStateException                  as {@link dev.kindred.internal.domain.NamedDomain#enter} says
     * @throws dev.kindred.OutOfSharedMemoryException if there is no room for it
     */
    public static Use open(String name) {
        Names.check("the name of a space", name);
        Place place = place(name);
        synchronized (place) {
            NamedSpace space = place.current;
            if (space == null) {
                boolean _ = AtEnd.ARRANGED;
                space = NamedSpace.enter(name, processName());
                place.current = space;
            }
            return new Use(space);
        }
    }

    /**
     * Opens a space that this process has open, once more.
     *
     * @throws SpaceClosedException if it has not
     */
    public static Use openAgain(String name) {
        Place place = place(name);
        synchronized (place) {
            NamedSpace space = place.current;
            if (space == null) {
                throw new SpaceClosedException(name);
            }
            return new Use(space);
        }
    }

    /**
     * Finds the block of a name in a space that this process has open; it is made if there is none, as {@link Space#open} says.
     *
     * @throws SpaceClosedException if this process has not
     */
    public static Block open(String space, NamedObject object, long bytes, BlockInitializer initializer) {
        try (Use use = openAgain(space)) {
            return use.space().space().open(object, bytes, initializer);
        }
    }

    /** {@return what other processes need to find this process's space and blocks in it} */
    public static Passage passage(NamedSpace space) {
        FileStatus status = space.status();
        return new Passage(space.name(), status.device(), status.inode(), space.space().domain().id());
    }

    /**
     * How a space is passed on to a child.
     *
     * @param name   the space's name
     * @param device where its file lies
     * @param inode  its number there
     * @param from   the id in it of the process that passes it on
     */
    public record Passage(String name, long device, long inode, int from) {}

    /**
     * Takes over a block of a space that another process passed on. The space stays open as long as the block is reachable.
     *
     * @throws IllegalStateException if that process has left the space or died, or another space has the name now
     */
    public static Block adopt(Passage passage, long offset) {
        Use use = open(passage.name());
        boolean adopted = false;
        try {
            NamedSpace space = use.space();
            FileStatus status = space.status();
            if (status.device() != passage.device() || status.inode() != passage.inode()) {
                throw new IllegalStateException("the space '" + passage.name() + "' that this process inherits was removed, and another made in "
                        + "its place");
            }
            Block block = space.space().adopt(offset, passage.from(), use::close);
            adopted = true;
            return block;
        } finally {
            if (!adopted) {
                use.close();
            }
        }
    }

    /** Leaves all of them. */
    private static void leaveAll() {
        List.copyOf(PLACES.values()).forEach(place -> {
            synchronized (place) {
                NamedSpace space = place.current;
                place.current = null;
                if (space != null) {
                    space.leave();
                }
            }
        });
    }

    /** {@return what the other processes are to call this one} */
    private static String processName() {
        String child = Space.childName();
        if (child != null) {
            return child;
        }
        String command = System.getProperty("sun.java.command", "").split(" ", 2)[0];
        String program = command.replaceFirst(".*/", "");
        String name = program.endsWith(".jar") ? program : program.replaceFirst(".*[.$]", "");
        return name.isEmpty() ? "main" : name;
    }
}
