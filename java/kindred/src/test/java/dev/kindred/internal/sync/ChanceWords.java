// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

import dev.kindred.internal.words.Gate;
import dev.kindred.internal.words.Parker;
import dev.kindred.internal.words.WordSet;
import dev.kindred.internal.words.Words;
import org.jspecify.annotations.Nullable;

/**
 * A memory whose threads run one at a time: before each access chance decides who goes on. Unlike the explorer, which visits every interleaving, it lets
 * threads share the objects of their process; a seed repeats what happened.
 *
 * <p>Waits with a deadline, which is any before {@link #PATIENCE}, may end by it, and interruptible ones by an interrupt. That may save those who would else wait for
 * ever, as a deadline does; an interrupt does not.
 */
final class ChanceWords extends Words {

    /** No wait ends because its patience does: somebody must wake it. */
    private static final long PATIENCE = 1_000_000;

    /** One of so many times chance lets a wait end by its deadline or by an interrupt. */
    private static final int RARELY = 12;

    /** Ends the threads of a run that has gone wrong. */
    private static final class Abandoned extends Error {
        private static final long serialVersionUID = 1;
    }

    private final class Task implements Runnable {
        private final String name;
        private final Callable<?> code;
        private final Semaphore turn = new Semaphore(0);
        private boolean ready = true;
        private boolean finished;
        private @Nullable Object waitsFor;
        private boolean mayTimeOut;
        private boolean interruptible;
        private int outcome;

        Task(String name, Callable<?> code) {
            this.name = name;
            this.code = code;
        }

        @Override
        public void run() {
            turn.acquireUninterruptibly();
            try {
                if (failure == null) {
                    code.call();
                }
            } catch (Abandoned _) {
                // The failure is known.
            } catch (Exception | AssertionError e) {
                failure = e;
            }
            finished = true;
            ready = false;
            next().turn.release();
        }
    }

    private final Random random;
    private boolean interrupts = true;
    private final Map<Long, Integer> memory = new HashMap<>();
    private final List<Task> tasks = new ArrayList<>();
    private final Task main = new Task("main", () -> "");
    private Task running = main;
    private @Nullable Throwable failure;

    ChanceWords(long seed) {
        this.random = new Random(seed);
    }

    /** Lets nobody be interrupted. */
    void withoutInterrupts() {
        interrupts = false;
    }

    /** Adds a thread. */
    void thread(String name, Callable<?> code) {
        tasks.add(new Task(name, code));
    }

    /** Runs all threads to their ends. */
    void run() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (Task task : tasks) {
            // Virtual: each access may let another go on, which takes threads of the kernel many times as long.
            threads.add(Thread.ofVirtual().start(task));
        }
        next().turn.release();
        main.turn.acquireUninterruptibly();
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    /** {@return who runs next} The caller lets it. */
    private Task next() {
        running = choose();
        return running;
    }

    private Task choose() {
        List<Task> ready = tasks.stream().filter(task -> task.ready).toList();
        List<Task> others = tasks.stream().filter(task -> !task.ready && (task.mayTimeOut || task.interruptible)).toList();
        if (!others.isEmpty() && (ready.isEmpty() || random.nextInt(RARELY) == 0)) {
            Task task = others.get(random.nextInt(others.size()));
            boolean interrupted = task.interruptible && (!task.mayTimeOut || random.nextBoolean());
            // An interrupt is no help on which anybody may count.
            if (!interrupted || !ready.isEmpty()) {
                wake(task, interrupted ? INTERRUPTED : TIMED_OUT);
                return task;
            }
        }
        if (!ready.isEmpty()) {
            return ready.get(random.nextInt(ready.size()));
        }
        if (failure == null && tasks.stream().anyMatch(task -> !task.finished)) {
            failure = new AssertionError("all wait: " + tasks.stream().filter(task -> !task.finished).map(task -> task.name).toList());
        }
        if (failure != null) {
            for (Task task : tasks) {
                if (!task.finished) {
                    task.ready = true;
                    return task;
                }
            }
        }
        return main;
    }

    private static void wake(Task task, int outcome) {
        task.ready = true;
        task.outcome = outcome;
        task.waitsFor = null;
        task.mayTimeOut = false;
        task.interruptible = false;
    }

    /** Lets chance decide whether another goes on before the running thread does. */
    private void step() {
        Task self = running;
        if (self == main) {
            return;
        }
        Task next = next();
        if (next != self) {
            next.turn.release();
            self.turn.acquireUninterruptibly();
        }
        if (failure != null) {
            throw new Abandoned();
        }
    }

    private int block(Object waitsFor, long deadline, boolean interruptible) {
        Task self = running;
        self.ready = false;
        self.waitsFor = waitsFor;
        self.mayTimeOut = deadline < PATIENCE;
        self.interruptible = interruptible && interrupts;
        step();
        return self.outcome;
    }

    @Override
    public int getPlain(long offset) {
        step();
        return memory.getOrDefault(offset, 0);
    }

    @Override
    public int getAcquire(long offset) {
        return getPlain(offset);
    }

    @Override
    public int getVolatile(long offset) {
        return getPlain(offset);
    }

    @Override
    public void setPlain(long offset, int value) {
        step();
        memory.put(offset, value);
    }

    @Override
    public void setRelease(long offset, int value) {
        setPlain(offset, value);
    }

    @Override
    public void setVolatile(long offset, int value) {
        setPlain(offset, value);
    }

    @Override
    public boolean compareAndSet(long offset, int expected, int value) {
        step();
        return expected == 0 && !memory.containsKey(offset) && memory.put(offset, value) == null || memory.replace(offset, expected, value);
    }

    @Override
    public int getAndAdd(long offset, int delta) {
        step();
        int before = memory.getOrDefault(offset, 0);
        memory.put(offset, before + delta);
        return before;
    }

    @Override
    public long getLongPlain(long offset) {
        step();
        return longAt(offset);
    }

    private long longAt(long offset) {
        return (long) memory.getOrDefault(offset + Integer.BYTES, 0) << Integer.SIZE | memory.getOrDefault(offset, 0) & 0xffffffffL;
    }

    @Override
    public long getLongAcquire(long offset) {
        return getLongPlain(offset);
    }

    @Override
    public long getLongVolatile(long offset) {
        return getLongPlain(offset);
    }

    @Override
    public boolean compareAndSetLong(long offset, long expected, long value) {
        step();
        if (longAt(offset) != expected) {
            return false;
        }
        putLong(offset, value);
        return true;
    }

    private void putLong(long offset, long value) {
        memory.put(offset, (int) value);
        memory.put(offset + Integer.BYTES, (int) (value >>> Integer.SIZE));
    }

    @Override
    public long getAndAddLong(long offset, long delta) {
        step();
        long before = longAt(offset);
        putLong(offset, before + delta);
        return before;
    }

    @Override
    public void setLongPlain(long offset, long value) {
        step();
        putLong(offset, value);
    }

    @Override
    public void setLongRelease(long offset, long value) {
        setLongPlain(offset, value);
    }

    @Override
    public void fence() {}

    @Override
    public void zero(long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int epoch() {
        return getPlain(-4);
    }

    @Override
    public void advanceEpoch() {
        int _ = getAndAdd(-4, 1);
    }

    @Override
    public void wakeEpoch() {
        step();
        for (Task task : tasks) {
            if (task.waitsFor instanceof Long) {
                wake(task, WOKEN);
            }
        }
    }

    @Override
    public int spin(long offset, int seen, long nanoseconds) {
        return getPlain(offset);
    }

    @Override
    public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
        step();
        if (memory.getOrDefault(offset, 0) != expected || memory.getOrDefault(-4L, 0) != epoch) {
            return WOKEN;
        }
        return block(offset, deadline, interruptible);
    }

    @Override
    public int awaitAny(WordSet set, int epoch, long deadline) {
        throw new AssertionError("no algorithm that is played here waits for several words; this one waits for " + set.size());
    }

    @Override
    public void wake(long offset, int count) {
        step();
        int left = count;
        for (Task task : tasks) {
            if (left > 0 && Long.valueOf(offset).equals(task.waitsFor)) {
                wake(task, WOKEN);
                left--;
            }
        }
    }

    @Override
    public long now() {
        return 0;
    }

    /** Whoever waits at it may be overtaken, as at that of real threads. */
    @Override
    public Gate newGate() {
        return new Gate() {
            private boolean taken;

            @Override
            public int enter(long deadline, boolean interruptible) {
                step();
                while (taken) {
                    int outcome = block(this, deadline, interruptible);
                    if (outcome != WOKEN) {
                        return outcome;
                    }
                }
                taken = true;
                return WOKEN;
            }

            @Override
            public void leave() {
                taken = false;
                for (Task task : tasks) {
                    if (task.waitsFor == this) {
                        wake(task, WOKEN);
                        break;
                    }
                }
            }
        };
    }

    @Override
    public Parker newParker() {
        return new Parker() {
            private boolean woken;

            @Override
            public int await(long deadline, boolean interruptible) {
                step();
                return woken ? WOKEN : block(this, deadline, interruptible);
            }

            @Override
            public void wake() {
                woken = true;
                for (Task task : tasks) {
                    if (task.waitsFor == this) {
                        ChanceWords.wake(task, WOKEN);
                    }
                }
            }
        };
    }
}
