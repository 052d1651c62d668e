// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.kindred.memory.RawValue;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.StartMethod;

/** As {@link StartSpawn}, with an AOT cache that a child made that did the same. */
public final class StartSpawnCached extends StartSpawn {

    /**
     * Has a child make the cache at its end, and starts a first child with it.
     *
     * @throws IOException          if a core cannot be chosen or the cache is not there
     * @throws InterruptedException if the thread is interrupted
     */
    public StartSpawnCached() throws IOException, InterruptedException {
        super("-XX:AOTCache=" + cache());
    }

    private static Path cache() throws IOException, InterruptedException {
        Path cache = Path.of(System.getProperty("bench.work"), "child.aot");
        Files.deleteIfExists(cache);
        // It talks about the cache on its standard output.
        ChildProcess trained = Starts.start(ChildProcess.builder()
                .method(StartMethod.SPAWN).jvmOptions("-XX:AOTCacheOutput=" + cache).stdout(ProcessBuilder.Redirect.DISCARD), RawValue.ofLong(0));
        trained.join();
        trained.close();
        if (!Files.exists(cache)) {
            throw new IOException("the child that was to write the AOT cache " + cache + " has not");
        }
        return cache;
    }
}
