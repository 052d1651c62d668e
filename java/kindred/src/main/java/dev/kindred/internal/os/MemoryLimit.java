// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import dev.kindred.OutOfSharedMemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the machine and the memory cgroups of this process still allow.
 *
 * <p>Who reserves memory that is not there gets no error: the kernel kills a process of the cgroup, or of the machine, instead. So it is asked
 * before. The room of the machine is what the kernel itself takes to be available, and free swap. That of a cgroup is its limit less its
 * working set, which is its usage without the pages of files that have not been used for a while ({@code inactive_file}): the kernel drops
 * those first, and they cost nobody anything. It would drop files in use as well before it kills, but a program whose own code is read from
 * disk again and again is as good as dead. Others may take the room between question and reservation: this is a net with small holes, where
 * there was none.
 */
public final class MemoryLimit {

    /** Smaller requests are not worth the question: they are a small part of what any JVM takes and returns at any time. */
    private static final long ASKED_FROM = 1 << 20;

    private static final long KIBIBYTE = 1024;

    /** Version 1 says "no limit" by a number of about this size. */
    private static final long UNLIMITED = Long.MAX_VALUE / 2;

    /** Found when they are first asked: what asks for little never reads them. */
    private static final class OfThisProcess {

        static final List<MemoryLimit> LIMITS = find();

        private OfThisProcess() {}
    }

    private final Path folder;
    private final String limitFile;
    private final String usageFile;
    private final String inactiveName;

    private MemoryLimit(Path folder, boolean unified) {
        this.folder = folder;
        this.limitFile = unified ? "memory.max" : "memory.limit_in_bytes";
        this.usageFile = unified ? "memory.current" : "memory.usage_in_bytes";
        this.inactiveName = unified ? "inactive_file " : "total_inactive_file ";
    }

    /**
     * Makes sure that a reservation fits into the machine and into the memory cgroups of this process.
     *
     * @param bytes how much is to be reserved
     * @param what  what it is for, for the message
     * @throws OutOfSharedMemoryException if there is less room
     */
    public static void requireRoom(long bytes, String what) {
        if (bytes >= ASKED_FROM) {
            long room = machineRoom();
            if (room < bytes) {
                throw new OutOfSharedMemoryException(
                        bytes,
                        "cannot reserve " + bytes + " bytes for " + what + ": the machine has " + room
                                + " bytes of memory and swap left; ask for less, or end other programs");
            }
            requireRoom(OfThisProcess.LIMITS, bytes, what);
        }
    }

    static void requireRoom(List<MemoryLimit> limits, long bytes, String what) {
        for (MemoryLimit limit : limits) {
            long room = limit.room();
            if (room < bytes) {
                throw new OutOfSharedMemoryException(
                        bytes,
                        "cannot reserve " + bytes + " bytes for " + what + ": the memory cgroup " + limit.folder + " has "
                                + Math.max(0, room) + " bytes left of its limit of " + limit.limit()
                                + "; ask for less, or raise the limit (for a container --memory)");
            }
        }
    }

    private static long machineRoom() {
        long kibibytes = 0;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:") || line.startsWith("SwapFree:")) {
                    kibibytes += Long.parseLong(line.substring(line.indexOf(':') + 1, line.lastIndexOf(" kB")).strip());
                }
            }
        } catch (IOException e) {
            return Long.MAX_VALUE; // a sandbox may hide it: what cannot be known limits nothing
        }
        return kibibytes * KIBIBYTE;
    }

    /** {@return the limits of the cgroup and its ancestors, as far as they can be seen from here} */
    private static List<MemoryLimit> find() {
        try {
            return find(Files.readAllLines(Path.of("/proc/self/cgroup")), Files.readAllLines(Path.of("/proc/self/mountinfo")));
        } catch (IOException e) {
            return List.of(); // a kernel without cgroups has no such limits
        }
    }

    /**
     * {@return the limits that hold for a process}
     *
     * @param cgroups lines {@code id:controllers:path}; version 2 has id 0 and no controllers
     * @param mounts  lines {@code id parent device root mountpoint options... - type source options}
     */
    static List<MemoryLimit> find(List<String> cgroups, List<String> mounts) {
        List<MemoryLimit> limits = new ArrayList<>();
        for (String line : cgroups) {
            String[] parts = line.split(":", 3);
            boolean unified = "0".equals(parts[0]) && parts[1].isEmpty();
            if (unified || List.of(parts[1].split(",", -1)).contains("memory")) {
                addLimits(limits, parts[2], unified, mounts);
            }
        }
        return limits;
    }

    private static void addLimits(List<MemoryLimit> limits, String cgroup, boolean unified, List<String> mounts) {
        for (String line : mounts) {
            String[] halves = line.split(" - ", 2);
            String[] mount = halves[0].split(" ", -1);
            String[] source = halves[1].split(" ", -1);
            boolean wanted = unified
                    ? "cgroup2".equals(source[0])
                    : "cgroup".equals(source[0]) && List.of(source[2].split(",", -1)).contains("memory");
            if (wanted) {
                Path top = Path.of(mount[4]);
                // A container sees its own cgroup as the top, whether or not it is told its path outside.
                Path folder = top.resolve(below(mount[3], cgroup)).normalize();
                for (Path at = folder; at != null && at.startsWith(top); at = at.getParent()) {
                    limits.add(new MemoryLimit(at, unified));
                }
                return;
            }
        }
    }

    /** {@return the path of a cgroup seen from the cgroup that is mounted, empty when it lies elsewhere} */
    private static String below(String root, String cgroup) {
        if ("/".equals(root)) {
            return cgroup.substring(1);
        }
        return cgroup.startsWith(root + "/") ? cgroup.substring(root.length() + 1) : "";
    }

    /** {@return where the limit is set} */
    Path folder() {
        return folder;
    }

    /** {@return how many bytes more its processes may use, {@link Long#MAX_VALUE} without a limit} */
    long room() {
        long limit = limit();
        if (limit >= UNLIMITED) {
            return Long.MAX_VALUE;
        }
        String usage = content(usageFile);
        if (usage == null) {
            return Long.MAX_VALUE;
        }
        return limit - Long.parseLong(usage) + inactive();
    }

    private long limit() {
        String limit = content(limitFile);
        return limit == null || "max".equals(limit) ? Long.MAX_VALUE : Long.parseLong(limit);
    }

    private long inactive() {
        String statistics = content("memory.stat");
        if (statistics != null) {
            for (String line : statistics.lines().toList()) {
                if (line.startsWith(inactiveName)) {
                    return Long.parseLong(line.substring(inactiveName.length()));
                }
            }
        }
        return 0;
    }

    /**
     * {@return what a file of the cgroup says, or null} The top one has none of these files, a container may hide them, and a cgroup may have
     * been removed: what cannot be known limits nothing.
     */
    private @Nullable String content(String name) {
        try {
            return Files.readString(folder.resolve(name)).strip();
        } catch (IOException e) {
            return null;
        }
    }
}
