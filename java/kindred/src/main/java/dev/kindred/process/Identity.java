// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Who this process is to its family. */
final class Identity {

    private static volatile Identity current = new Identity(CurrentProcess.ROOT_NAME, "", false, Optional.empty());

    private final String name;
    private final String place;
    private final boolean daemon;
    private final Optional<ParentProcess> parent;
    private final AtomicInteger children = new AtomicInteger();

    /** {@code place} is empty for the root, {@code 1:2} for the second child of its first child. */
    Identity(String name, String place, boolean daemon, Optional<ParentProcess> parent) {
        this.name = name;
        this.place = place;
        this.daemon = daemon;
        this.parent = parent;
    }

    static Identity current() {
        return current;
    }

    /** Takes the identity that the parent gave this process. */
    static void become(Identity identity) {
        current = identity;
    }

    String name() {
        return name;
    }

    boolean isDaemon() {
        return daemon;
    }

    Optional<ParentProcess> parent() {
        return parent;
    }

    /** {@return the place of this process's next child} */
    String nextPlace() {
        int index = children.incrementAndGet();
        return place.isEmpty() ? Integer.toString(index) : place + ":" + index;
    }

    CurrentProcess describe() {
        return new CurrentProcess(name, ProcessHandle.current().pid(), daemon, parent);
    }
}
