// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.sync.Lock;

/**
 * Makes a million locks and keeps them. Figure: bytes by which all shared files of this process have grown for each (blocks in use, whether touched or only
 * reserved); then the descriptors there are more.
 */
public final class SpaceMillionLocks implements Task {

    private static final int LOCKS = 1_000_000;

    private static final int BLOCK = 512;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final List<Lock> kept = new ArrayList<>();

    /** Makes a first lock, so that the space is there. */
    public SpaceMillionLocks() {
        kept.add(new Lock());
    }

    @Override
    public void warmUp() {}

    @Override
    public Round play() throws IOException {
        long bytes = sharedBytes();
        int descriptors = descriptors().size();
        for (int i = 0; i < LOCKS; i++) {
            kept.add(new Lock());
        }
        return Round.of((double) (sharedBytes() - bytes) / LOCKS).with("descriptors", descriptors().size() - descriptors);
    }

    private static List<Path> descriptors() throws IOException {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.toList();
        }
    }

    /** {@return what the files in shared memory (memfd and /dev/shm) that this process holds take, each counted once} */
    private static long sharedBytes() throws IOException {
        List<String> command = new ArrayList<>(List.of("stat", "-L", "-c", "%i %b"));
        for (Path descriptor : descriptors()) {
            String target;
            try {
                target = Files.readSymbolicLink(descriptor).toString();
            } catch (NoSuchFileException e) {
                // The one that listed the folder.
                continue;
            }
            if (target.startsWith("/memfd:") || target.startsWith("/dev/shm/")) {
                command.add("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor.getFileName());
            }
        }
        Process stat = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        stat.getOutputStream().close();
        String output;
        try (InputStream input = stat.getInputStream()) {
            output = new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
        Map<String, Long> bytesOfInode = new TreeMap<>();
        output.lines().forEach(line -> {
            String[] words = line.split(" ");
            bytesOfInode.put(words[0], Long.parseLong(words[1]) * BLOCK);
        });
        if (bytesOfInode.isEmpty()) {
            throw new IllegalStateException("this process holds no descriptor of a shared file: what it takes cannot be told");
        }
        return bytesOfInode.values().stream().mapToLong(Long::longValue).sum();
    }
}
