// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kindred.OutOfSharedMemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits of a process are found where cgroups of both versions have them, and count what can be had without harm. */
class MemoryLimitTest {

    @TempDir
    Path top;

    private List<MemoryLimit> unified(String cgroup, String root) {
        return MemoryLimit.find(
                List.of("0::" + cgroup),
                List.of(
                        "24 1 0:22 / /proc rw,nosuid - proc proc rw",
                        "30 23 0:26 " + root + " " + top + " rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate"));
    }

    @Test
    void cgroupAndItsAncestorsCount() {
        assertEquals(
                List.of(top.resolve("a/b"), top.resolve("a"), top),
                unified("/a/b", "/").stream().map(MemoryLimit::folder).toList());
    }

    @Test
    void containerThatSeesItsOwnCgroupAtTheTop() {
        assertEquals(List.of(top), unified("/", "/").stream().map(MemoryLimit::folder).toList());
        assertEquals(
                List.of(top.resolve("x"), top),
                unified("/docker/1234/x", "/docker/1234").stream().map(MemoryLimit::folder).toList());
        assertEquals(List.of(top), unified("/docker/1234", "/docker/1234").stream().map(MemoryLimit::folder).toList());
        assertEquals(List.of(top), unified("/elsewhere", "/docker/1234").stream().map(MemoryLimit::folder).toList());
    }

    @Test
    void roomIsLimitLessWorkingSet() throws IOException {
        Path folder = Files.createDirectory(top.resolve("a"));
        MemoryLimit limit = unified("/a", "/").getFirst();
        assertEquals(Long.MAX_VALUE, limit.room()); // no files: no limit
        Files.writeString(folder.resolve("memory.max"), "max\n");
        Files.writeString(folder.resolve("memory.current"), "4000000\n");
        Files.writeString(folder.resolve("memory.stat"), "anon 3000000\nfile 900000\ninactive_file 600000\nactive_file 300000\n");
        assertEquals(Long.MAX_VALUE, limit.room());
        Files.writeString(folder.resolve("memory.max"), "5000000\n");
        assertEquals(1_600_000, limit.room());
    }

    @Test
    void firstVersion() throws IOException {
        List<MemoryLimit> limits = MemoryLimit.find(
                List.of("5:devices:/x", "4:cpu,memory:/x", "0::/"),
                List.of("30 23 0:26 / " + top + " rw - cgroup cgroup rw,cpu,memory"));
        assertEquals(List.of(top.resolve("x"), top), limits.stream().map(MemoryLimit::folder).toList());
        Path folder = Files.createDirectory(top.resolve("x"));
        Files.writeString(folder.resolve("memory.limit_in_bytes"), "9223372036854771712\n");
        Files.writeString(folder.resolve("memory.usage_in_bytes"), "4000000\n");
        assertEquals(Long.MAX_VALUE, limits.getFirst().room());
        Files.writeString(folder.resolve("memory.limit_in_bytes"), "5000000\n");
        Files.writeString(folder.resolve("memory.stat"), "inactive_file 1\ntotal_inactive_file 2\n");
        assertEquals(1_000_002, limits.getFirst().room());
    }

    @Test
    void requestsThatDoNotFitAreRefused() throws IOException {
        Files.writeString(top.resolve("memory.max"), "5000000\n");
        Files.writeString(top.resolve("memory.current"), "4000000\n");
        List<MemoryLimit> limits = unified("/", "/");
        MemoryLimit.requireRoom(limits, 1_000_000, "a test");
        OutOfSharedMemoryException refusal =
                assertThrows(OutOfSharedMemoryException.class, () -> MemoryLimit.requireRoom(limits, 2_000_000, "a test"));
        assertEquals(2_000_000, refusal.requested());
        assertEquals(
                "cannot reserve 2000000 bytes for a test: the memory cgroup " + top + " has 1000000 bytes left of its limit of 5000000; "
                        + "ask for less, or raise the limit (for a container --memory)",
                refusal.getMessage());
    }

    @Test
    void thisProcessHasSomeRoom() {
        MemoryLimit.requireRoom(1, "a test");
        MemoryLimit.requireRoom(2 << 20, "a test");
    }
}
