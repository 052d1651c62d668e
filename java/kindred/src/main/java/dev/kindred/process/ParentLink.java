// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.domain.DescriptorPump;
import dev.kindred.internal.os.Descriptors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A child's view of its parent's life: the other end of the socket between them, which the kernel closes when the
 * parent ends and nobody closes before.
 */
final class ParentLink {

    private final int socket;
    private @Nullable CompletableFuture<Void> end;

    ParentLink(int socket) {
        this.socket = socket;
    }

    /** {@return whether the parent has ended} */
    boolean isBroken() {
        return (Descriptors.poll(socket, Descriptors.POLLHUP, System.nanoTime()) & Descriptors.POLLHUP) != 0;
    }

    /** {@return whether the parent has ended within so many nanoseconds} */
    boolean awaitBreak(long nanoseconds) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (nanoseconds <= 0 || isBroken()) {
            return isBroken();
        }
        try {
            end().get(nanoseconds, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException timeUp) {
            return isBroken();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of the parent cannot be watched", e.getCause());
        }
    }

    /** The parent says nothing after the start, so that the socket becomes readable at the end of it only. */
    private synchronized CompletableFuture<Void> end() {
        CompletableFuture<Void> future = end;
        if (future == null) {
            CompletableFuture<Void> watched = new CompletableFuture<>();
            DescriptorPump.shared().register(socket, () -> watched.complete(null));
            future = watched;
            end = watched;
        }
        return future;
    }
}
