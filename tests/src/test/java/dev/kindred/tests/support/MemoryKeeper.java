// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A process that has this one's memory for its own and sleeps. As long as it exists, the kernel does not free the memory of this process, and lets go
 * of nothing that the memory keeps, although this process may have been killed: as if the memory were so large that freeing it takes for ever.
 */
public final class MemoryKeeper {

    /** The C library. */
    private interface C extends Library {

        C INSTANCE = Native.load("c", C.class);

        int clone(Function function, Pointer stack, int flags, Pointer argument);
    }

    private static final int CLONE_VM = 0x100;
    private static final int SIGCHLD = 17;
    private static final long STACK_SIZE = 65_536;

    /** Sleeps until a signal comes. Of the calls that do, the one that takes no argument; its number is that of x86_64. */
    private static final long SYS_PAUSE = 34;

    /** The stacks that are in use, and must not be freed with the objects that stand for them. */
    private static final List<Memory> STACKS = new CopyOnWriteArrayList<>();

    private MemoryKeeper() {}

    /** {@return whether there can be one on this machine} */
    public static boolean isPossible() {
        return System.getProperty("os.arch").equals("amd64");
    }

    /** {@return the pid of a new keeper of this process's memory} Whoever starts one sees to it that somebody kills it. */
    public static int start() {
        Memory stack = new Memory(STACK_SIZE);
        // It makes a system call and nothing else: what the C library keeps in this memory belongs to the threads of this process.
        Function function = NativeLibrary.getInstance("c").getFunction("syscall");
        int pid = C.INSTANCE.clone(function, stack.share(STACK_SIZE), CLONE_VM | SIGCHLD, new Pointer(SYS_PAUSE));
        if (pid < 0) {
            throw new IllegalStateException("clone failed with errno " + Native.getLastError());
        }
        STACKS.add(stack);
        return pid;
    }
}
