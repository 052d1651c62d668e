// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import java.io.IOException;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.kindred.internal.space.Block;
import dev.kindred.sync.NamedSemaphore;
import dev.kindred.sync.RobustSemaphore;
import dev.kindred.sync.Semaphore;

/** A semaphore of any kind. What is called on it is called on the semaphore. */
record AnySemaphore(Serializable semaphore) implements Serializable, AutoCloseable {

    void acquire() throws InterruptedException {
        switch (semaphore) {
            case Semaphore counting -> counting.acquire();
            case NamedSemaphore named -> named.acquire();
            default -> ((RobustSemaphore) semaphore).acquire();
        }
    }

    void acquireUninterruptibly() {
        switch (semaphore) {
            case Semaphore counting -> counting.acquireUninterruptibly();
            case NamedSemaphore named -> named.acquireUninterruptibly();
            default -> ((RobustSemaphore) semaphore).acquireUninterruptibly();
        }
    }

    boolean tryAcquire() {
        return switch (semaphore) {
            case Semaphore counting -> counting.tryAcquire();
            case NamedSemaphore named -> named.tryAcquire();
            default -> ((RobustSemaphore) semaphore).tryAcquire();
        };
    }

    boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
        return switch (semaphore) {
            case Semaphore counting -> counting.tryAcquire(time, unit);
            case NamedSemaphore named -> named.tryAcquire(time, unit);
            default -> ((RobustSemaphore) semaphore).tryAcquire(time, unit);
        };
    }

    void release() {
        switch (semaphore) {
            case Semaphore counting -> counting.release();
            case NamedSemaphore named -> named.release();
            default -> ((RobustSemaphore) semaphore).release();
        }
    }

    int getValue() {
        return switch (semaphore) {
            case Semaphore counting -> counting.getValue();
            case NamedSemaphore named -> named.getValue();
            default -> ((RobustSemaphore) semaphore).getValue();
        };
    }

    boolean locked() {
        return switch (semaphore) {
            case Semaphore counting -> counting.locked();
            case NamedSemaphore named -> named.locked();
            default -> ((RobustSemaphore) semaphore).locked();
        };
    }

    /** {@return whether somebody has announced in shared memory that it sleeps} */
    boolean hasWaiters() throws ReflectiveOperationException, IOException {
        switch (semaphore) {
            case Semaphore counting -> {
                return counting.segment().get(ValueLayout.JAVA_INT, 4) != 0;
            }
            case NamedSemaphore named -> {
                byte[] file = Files.readAllBytes(Path.of("/dev/shm/sem." + named.name()));
                return MemorySegment.ofArray(file).get(ValueLayout.JAVA_INT_UNALIGNED, 4) != 0;
            }
            default -> {
                Field field = RobustSemaphore.class.getDeclaredField("block");
                field.setAccessible(true);
                Block block = (Block) field.get(semaphore);
                return (block.words().getVolatile(block.offset()) & 1) != 0;
            }
        }
    }

    @Override
    public String toString() {
        return semaphore.toString();
    }

    /** Closes and removes one that has a name. */
    @Override
    public void close() {
        if (semaphore instanceof NamedSemaphore named) {
            named.close();
            NamedSemaphore.unlink(named.name());
        }
    }
}
