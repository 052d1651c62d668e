// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The actors of a scenario and the processes of which they are threads. */
final class Cast {

    /**
     * A process, which is killed as a whole.
     *
     * @param isMortal whether it may be killed
     */
    record Process(int index, String name, boolean isMortal) {}

    /**
     * An actor.
     *
     * @param isDaemon whether all may end well while it still waits
     * @param code     what it does
     */
    record Role(int index, String name, Process process, boolean isDaemon, Consumer<Actor> code) {}

    private final long epochOffset;
    private final Places places = new Places();
    private final List<Process> processes = new ArrayList<>();
    private final List<Role> roles = new ArrayList<>();
    private final List<Role> firsts = new ArrayList<>();

    Cast(long epochOffset) {
        this.epochOffset = epochOffset;
    }

    long epochOffset() {
        return epochOffset;
    }

    Places places() {
        return places;
    }

    List<Process> processes() {
        return processes;
    }

    List<Role> roles() {
        return roles;
    }

    Process process(String name, boolean isMortal) {
        Process process = new Process(processes.size(), name, isMortal);
        processes.add(process);
        return process;
    }

    void role(String name, Process process, boolean isDaemon, Consumer<Actor> code) {
        Role role = new Role(roles.size(), name, process, isDaemon, code);
        roles.add(role);
        if (process.index() == firsts.size()) {
            firsts.add(role);
        }
    }

    Role role(String name) {
        for (Role role : roles) {
            if (role.name().equals(name)) {
                return role;
            }
        }
        throw new IllegalArgumentException("no actor is called " + name);
    }

    /** {@return the first actor of a process} */
    Role first(Process process) {
        return firsts.get(process.index());
    }

    /** {@return whether an actor is the only one of its process} */
    boolean isAlone(int actor) {
        Process process = roles.get(actor).process();
        return roles.stream().filter(role -> role.process() == process).count() == 1;
    }
}
