// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import dev.kindred.internal.os.Descriptors;
import org.jspecify.annotations.Nullable;

/** One member of the family whose end this process notices by itself. */
final class Watch implements Runnable {

    private final Domain domain;
    private final int id;
    private final int pidfd;
    private final DescriptorPump.Registration registration;
    private boolean closed;

    private Watch(Domain domain, int id, int pidfd) {
        this.domain = domain;
        this.id = id;
        this.pidfd = pidfd;
        // Under the monitor that end() takes: the action may begin before the field is set.
        synchronized (this) {
            this.registration = DescriptorPump.shared().register(pidfd, this);
        }
    }

    /** What the descriptor pump does when the process has ended. */
    @Override
    public void run() {
        end();
        domain.ended(id);
    }

    /**
     * {@return a watch on that process, or null if its end cannot be watched} If it has ended already, it is recovered before this returns.
     *
     * @throws dev.kindred.SystemCallException if the kernel has no room for it
     */
    static @Nullable Watch begin(Domain domain, int id) {
        int pidfd = domain.openWatchable(id);
        if (pidfd < 0) {
            return null;
        }
        try {
            return new Watch(domain, id, pidfd);
        } catch (RuntimeException e) {
            Descriptors.close(pidfd);
            throw e;
        }
    }

    int id() {
        return id;
    }

    synchronized void end() {
        if (!closed) {
            closed = true;
            registration.cancel();
            Descriptors.close(pidfd);
        }
    }
}
