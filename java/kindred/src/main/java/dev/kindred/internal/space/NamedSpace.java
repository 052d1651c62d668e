// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.space;

import java.util.List;

import dev.kindred.internal.domain.NamedDomain;
import dev.kindred.internal.domain.ProcessRecord;
import dev.kindred.internal.os.FileStatus;

/**
 * This process's membership in a named space. It is shared by all in the process who have the space open, and ends when the last of them
 * closes it ({@link NamedSpaces}).
 */
public final class NamedSpace {

    private final String name;
    private final NamedDomain domain;
    private final Space space;

    /** How many have it open. Guarded by {@link NamedSpaces}. */
    private int users;

    private NamedSpace(String name, NamedDomain domain) {
        this.name = name;
        this.domain = domain;
        this.space = new Space(domain.domain(), 0, name);
    }

    /** Enters a space, for one user. */
    static NamedSpace enter(String name, String process) {
        NamedDomain domain = NamedDomain.enter(name, process, SpaceLayout.NAMED_REGIONS, new Space.FileSize());
        boolean stays = false;
        try {
            domain.domain().announceEntry();
            NamedSpace space = new NamedSpace(name, domain);
            stays = true;
            return space;
        } finally {
            if (!stays) {
                domain.domain().file().words().leave(name);
                domain.leave(() -> true);
            }
        }
    }

    void addUser() {
        users++;
    }

    /** {@return whether nobody is left} */
    boolean removeUser() {
        return --users == 0;
    }

    /**
     * Leaves the space: all calls in it that wait or come later fail, and what this process holds there is poisoned. If nobody else is in
     * it and nothing in it is poisoned, it is removed.
     */
    void leave() {
        space.leave(name);
        domain.leave(space::isAnyPoisonableHeld);
    }

    /** {@return the space's name} */
    public String name() {
        return name;
    }

    /** {@return the space itself} */
    public Space space() {
        return space;
    }

    /** {@return the space's file, by which a process can tell that it means the same space} */
    FileStatus status() {
        return domain.status();
    }

    /**
     * Removes an object's name. Who has the object goes on using it; who asks for the name gets another.
     *
     * @return whether there was such a name
     */
    public boolean remove(String object) {
        Names.check("the name of an object in a space", object);
        return space.removeName(object);
    }

    /** {@return all that has a name in the space, in no particular order} */
    public List<NamedObject> objects() {
        return space.named();
    }

    /** {@return what the processes that are in the space say of themselves} */
    public List<ProcessRecord> members() {
        space.words().requireMembership();
        List<ProcessRecord> members = domain.domain().members();
        space.words().requireMembership();
        return members;
    }
}
