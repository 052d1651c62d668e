// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import java.io.IOException;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

import dev.kindred.bench.Figures;
import dev.kindred.bench.Round;
import dev.kindred.bench.Task;
import dev.kindred.memory.RawValue;
import dev.kindred.process.ChildProcess;

/**
 * Kills children (SIGKILL) while a thread waits for something of theirs. Figure: milliseconds from the signal to the moment the waiter goes on, having been
 * told of the death and recovered what there is to recover; the median of the round's kills. Then the worst of them and how large the last child
 * was.
 *
 * <p>The size of the child is not to count, although the kernel lets go of a dead process's file locks only when it has freed its memory.
 *
 * @param <S> what the child and the waiter share
 */
abstract class Recovery<S extends Serializable> implements Task {

    /** What most children have resident, about. */
    static final long USUAL_BYTES = 120L << 20;

    /** How many are killed in a round, usually. */
    static final int USUAL_KILLS = 9;

    /** How much a JVM that does nothing has resident, about. */
    private static final long JVM_BYTES = 60L << 20;

    /** After this time a waiter no longer spins. */
    private static final long FALL_ASLEEP_MILLISECONDS = 20;

    /** What the child does before it waits for its death. */
    @FunctionalInterface
    interface Victim<S> extends Serializable {
        /** Takes, or joins, what the waiter waits for. */
        void hold(S shared) throws Exception;
    }

    /** What the waiter does. */
    @FunctionalInterface
    interface Waiter<S> {
        /** Waits for the death, and recovers what there is to recover. */
        void recover(S shared) throws Exception;
    }

    private final Supplier<S> maker;
    private final Victim<S> victim;
    private final Waiter<S> waiter;
    private final long resident;
    private final int kills;

    Recovery(Supplier<S> maker, Victim<S> victim, Waiter<S> waiter) {
        this(maker, victim, waiter, USUAL_BYTES, USUAL_KILLS);
    }

    Recovery(Supplier<S> maker, Victim<S> victim, Waiter<S> waiter, long resident, int kills) {
        this.maker = maker;
        this.victim = victim;
        this.waiter = waiter;
        this.resident = resident;
        this.kills = kills;
    }

    @Override
    public final void warmUp() throws Exception {
        kill(maker.get());
    }

    @Override
    public final Round play() throws Exception {
        double[] times = new double[kills];
        long size = 0;
        for (int i = 0; i < kills; i++) {
            Kill kill = kill(maker.get());
            times[i] = kill.milliseconds;
            size = kill.residentMegabytes;
        }
        return Round.of(Figures.median(times)).with("worst", Arrays.stream(times).max().orElseThrow()).with("residentMB", size);
    }

    private record Kill(double milliseconds, long residentMegabytes) {}

    private Kill kill(S shared) throws IOException, InterruptedException, ExecutionException {
        RawValue held = RawValue.ofLong(0);
        long toFill = resident - JVM_BYTES;
        Victim<S> part = victim;
        ChildProcess child = ChildProcess.start(() -> hold(part, shared, held, toFill));
        while (held.getVolatile() == 0) {
            Thread.sleep(1);
        }
        FutureTask<Long> recovery = new FutureTask<>(() -> {
            waiter.recover(shared);
            return System.nanoTime();
        });
        Thread.ofPlatform().start(recovery);
        Thread.sleep(FALL_ASLEEP_MILLISECONDS);
        long size = residentMegabytes(child.pid());
        long start = System.nanoTime();
        child.kill();
        double milliseconds = (recovery.get() - start) / 1e6;
        child.join();
        child.close();
        return new Kill(milliseconds, size);
    }

    /** The child: holds, fills its memory, and waits for its death. */
    private static <S> void hold(Victim<S> victim, S shared, RawValue held, long toFill) throws Exception {
        victim.hold(shared);
        Arena.global().allocate(toFill).fill((byte) 1);
        held.setVolatile(1);
        Thread.sleep(Long.MAX_VALUE);
    }

    private static long residentMegabytes(long pid) throws IOException {
        String line = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1000;
    }
}
