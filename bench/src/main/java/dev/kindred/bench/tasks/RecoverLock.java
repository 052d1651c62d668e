// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import dev.kindred.OwnerDiedException;
import dev.kindred.bench.Figures;
import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.memory.RawValue;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Lock;

/**
 * Kills children (SIGKILL) that hold a lock, while a thread waits for it. Figure: milliseconds from the signal to the moment the waiter holds the lock, it having
 * been told of the death and recovered the lock; the median of the round's kills. Then the worst of them and how large the last holder was.
 *
 * <p>The size of the holder is not to count, although the kernel lets go of a dead process's file locks only when it has freed its memory.
 */
public class RecoverLock implements Task {

    /** How much a JVM that does nothing has resident, about. */
    private static final long JVM_BYTES = 60L << 20;

    /** After this time a waiter no longer spins. */
    private static final long FALL_ASLEEP_MILLISECONDS = 20;

    private final long resident;
    private final int kills;

    /** Kills holders of at most 128 MB. */
    public RecoverLock() {
        this(120L << 20, 9);
    }

    RecoverLock(long resident, int kills) {
        this.resident = resident;
        this.kills = kills;
    }

    @Override
    public final void warmUp() throws Exception {
        kill(new Lock());
    }

    @Override
    public final Round play() throws Exception {
        double[] times = new double[kills];
        long size = 0;
        for (int i = 0; i < kills; i++) {
            Kill kill = kill(new Lock());
            times[i] = kill.milliseconds;
            size = kill.residentMegabytes;
        }
        return Round.of(Figures.median(times)).with("worst", Arrays.stream(times).max().orElseThrow()).with("residentMB", size);
    }

    private record Kill(double milliseconds, long residentMegabytes) {}

    private Kill kill(Lock lock) throws IOException, InterruptedException, ExecutionException {
        RawValue held = RawValue.ofLong(0);
        long toFill = resident - JVM_BYTES;
        ChildProcess holder = ChildProcess.start(() -> hold(lock, held, toFill));
        while (held.getVolatile() == 0) {
            Thread.sleep(1);
        }
        FutureTask<Long> recovery = new FutureTask<>(() -> recover(lock));
        Thread.ofPlatform().start(recovery);
        Thread.sleep(FALL_ASLEEP_MILLISECONDS);
        long size = residentMegabytes(holder.pid());
        long start = System.nanoTime();
        holder.kill();
        double milliseconds = (recovery.get() - start) / 1e6;
        holder.join();
        holder.close();
        return new Kill(milliseconds, size);
    }

    /** The child: holds the lock, fills its memory, and waits for its death. */
    private static void hold(Lock lock, RawValue held, long toFill) throws InterruptedException {
        lock.lock();
        Arena.global().allocate(toFill).fill((byte) 1);
        held.setVolatile(1);
        Thread.sleep(Long.MAX_VALUE);
    }

    /** {@return when the lock was held} */
    private static long recover(Lock lock) {
        try {
            lock.lock();
        } catch (OwnerDiedException e) {
            lock.recover();
        }
        long now = System.nanoTime();
        lock.unlock();
        return now;
    }

    private static long residentMegabytes(long pid) throws IOException {
        String line = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1000;
    }
}
