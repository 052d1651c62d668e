// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.domain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.IntToLongFunction;

import dev.kindred.SpaceClosedException;
import dev.kindred.SystemCallException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Errno;
import dev.kindred.internal.os.FileStatus;
import dev.kindred.internal.os.GuardedDescriptor;
import dev.kindred.internal.os.Processes;
import dev.kindred.internal.os.SharedObjects;
import org.jspecify.annotations.Nullable;

/** The file of a named domain in /dev/shm. */
final class NamedFile implements Door.Name {

    private static final String FOLDER = "/dev/shm";

    /** What the files' names begin with. */
    private static final String PREFIX = "/kindred.";

    private final String domain;
    private final DomainFile file;

    private NamedFile(String domain, DomainFile file) {
        this.domain = domain;
        this.file = file;
    }

    /**
     * {@return the file of a domain's name, or null if there is none}
     *
     * @throws IllegalStateException if another user's file has the name, or something else than a domain of this version
     */
    static @Nullable NamedFile open(String domain, IntToLongFunction size) {
        int descriptor;
        try {
            descriptor = SharedObjects.sharedMemoryOpen(PREFIX + domain, Descriptors.O_RDWR, 0);
        } catch (SystemCallException failure) {
            if (failure.errno() == Errno.ENOENT) {
                return null;
            }
            throw explained(domain, failure);
        }
        boolean kept = false;
        try {
            FileStatus status = Descriptors.status(descriptor);
            requireOurs(domain, status);
            if (status.links() == 0) {
                return null;
            }
            DomainFile file = DomainFile.openNamed(descriptor, describe(domain), size);
            kept = true;
            return new NamedFile(domain, file);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalStateException(wrong.getMessage() + "; end the programs that use it and remove it, or choose another name", wrong);
        } finally {
            if (!kept) {
                Descriptors.close(descriptor);
            }
        }
    }

    private static void requireOurs(String domain, FileStatus status) {
        if (status.uid() != Processes.userId()) {
            throw foreign(domain, status.uid());
        }
        if (!status.isRegular()) {
            throw new IllegalStateException(describe(domain) + " is not a file; remove it, or choose another name");
        }
    }

    /** What is in the way of a file that cannot even be opened. */
    private static RuntimeException explained(String domain, SystemCallException failure) {
        if (failure.errno() == Errno.ELOOP) {
            return new IllegalStateException(
                    describe(domain) + " is a symbolic link, which is not followed; remove it, or choose another name", failure);
        }
        if (failure.errno() != Errno.EACCES) {
            return failure;
        }
        try {
            int owner = (Integer) Files.getAttribute(Path.of(FOLDER + PREFIX + domain), "unix:uid", LinkOption.NOFOLLOW_LINKS);
            return owner == Processes.userId() ? failure : foreign(domain, owner);
        } catch (IOException gone) {
            failure.addSuppressed(gone);
            return failure;
        }
    }

    private static IllegalStateException foreign(String domain, int user) {
        return new IllegalStateException(describe(domain) + " belongs to user " + user + ", this process to user " + Processes.userId()
                + ": a space is shared by processes of one user only; choose another name");
    }

    private static String describe(String domain) {
        return "space '" + domain + "' (" + FOLDER + PREFIX + domain + ")";
    }

    /**
     * {@return a new file, which has no name until it is published} Killed before that, this process leaves nothing behind.
     *
     * @throws dev.kindred.OutOfSharedMemoryException if /dev/shm is full
     */
    static NamedFile create(String domain, int regions, IntToLongFunction size) {
        return new NamedFile(domain, DomainFile.createUnnamed(regions, size));
    }

    /** Gives a new file its name. {@return false if another file has that name} */
    boolean publish() {
        try (GuardedDescriptor.Use use = file.guardedDescriptor().use()) {
            return use.isPossible() && SharedObjects.sharedMemoryLink(use.number(), PREFIX + domain);
        }
    }

    FileStatus status() {
        try (GuardedDescriptor.Use use = file.guardedDescriptor().use()) {
            if (!use.isPossible()) {
                throw new SpaceClosedException(domain);
            }
            return Descriptors.status(use.number());
        }
    }

    /** By the file and not by the name, which may be another's by now. */
    @Override
    public boolean isGone() {
        return status().links() == 0;
    }

    @Override
    public void remove() {
        // Somebody may have removed it by hand.
        if (!isGone()) {
            SharedObjects.sharedMemoryUnlink(PREFIX + domain);
        }
    }

    DomainFile file() {
        return file;
    }

    @Override
    public String toString() {
        return describe(domain);
    }
}
