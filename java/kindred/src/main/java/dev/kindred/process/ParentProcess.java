// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.time.Duration;

/**
 * The process that started this one, as this one sees it. Got from {@link ChildProcess#parent()}.
 *
 * <p>A child ordinarily dies with its parent. One that was {@linkplain ChildProcessBuilder#outliveParent(boolean) asked
 * to outlive it} can wait here for its parent's death:
 *
 * {@snippet :
 * ChildProcess.builder().outliveParent(true).start(() -> {
 *     ChildProcess.parent().orElseThrow().join();
 *     System.out.println("my parent has gone");
 * });
 * }
 */
public final class ParentProcess {

    private final String name;
    private final long pid;
    private final ParentLink link;

    ParentProcess(String name, long pid, ParentLink link) {
        this.name = name;
        this.pid = pid;
        this.link = link;
    }

    /** {@return the parent's name: {@code main} for one that is no child itself} */
    public String name() {
        return name;
    }

    /** {@return the parent's process number, as the parent saw it} */
    public long pid() {
        return pid;
    }

    /** {@return whether the parent is still running} */
    public boolean isAlive() {
        return !link.isBroken();
    }

    /**
     * Waits until the parent has ended, however it ended.
     *
     * @throws InterruptedException if the calling thread is interrupted before or while it waits; its interrupt state
     *                              is cleared
     */
    public void join() throws InterruptedException {
        link.awaitBreak(Long.MAX_VALUE);
    }

    /**
     * Waits until the parent has ended or the time is up.
     *
     * @param timeout how long to wait at most; zero or less only looks
     * @return whether the parent has ended
     * @throws InterruptedException if the calling thread is interrupted before or while it waits; its interrupt state
     *                              is cleared
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return link.awaitBreak(Durations.toNanoseconds(timeout));
    }

    @Override
    public String toString() {
        return "ParentProcess[name=" + name + ", pid=" + pid + "]";
    }
}
