// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.Serial;
import java.io.Serializable;

import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Sockets;

/**
 * Two connections that are connected with each other.
 *
 * {@snippet :
 * try (Pipe pipe = Pipe.twoWay()) {
 *     ChildProcess child = ChildProcess.start(() -> {
 *         byte[] question = pipe.second().receiveBytes();
 *         pipe.second().sendBytes(("you said " + new String(question)).getBytes());
 *     });
 *     pipe.first().sendBytes("hello".getBytes());
 *     System.out.println(new String(pipe.first().receiveBytes()));   // you said hello
 *     child.join();
 * }
 * }
 *
 * <p>An end is open as long as any process has it open. So that a process learns of the end of another, it should close the end that it has given
 * away: {@code pipe.second().close()} in the parent, once the child is started.
 *
 * <p>Children inherit a pipe, or one of its connections. All methods may be called from any thread.
 */
public final class Pipe implements AutoCloseable, Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private final Connection first;
    private final Connection second;

    private Pipe(Connection first, Connection second) {
        this.first = first;
        this.second = second;
    }

    /**
     * {@return a pipe over which both ends send and receive: a pair of Unix sockets}
     *
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static Pipe twoWay() {
        int[] ends = Sockets.pair(Sockets.SOCK_STREAM);
        return new Pipe(
                Connection.ofFamily(ends[0], ByteStream.Kind.UNIX_SOCKET, true, true), Connection.ofFamily(ends[1], ByteStream.Kind.UNIX_SOCKET, true, true));
    }

    /**
     * {@return a pipe whose first connection receives what its second sends: a pipe of the kernel} Descriptors do not travel over it.
     *
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static Pipe oneWay() {
        // O_NONBLOCK lies on the open file description, of which each end has its own, and goes with it to whoever inherits it: that is another
        // connection, which wants it so, too. Without it a pipe has no call that does not wait (RWF_NOWAIT came later than the kernels that are
        // supported), and whoever waits in such a call hears neither its interrupt nor its deadline.
        int[] ends = Descriptors.pipe(Descriptors.O_NONBLOCK);
        return new Pipe(Connection.ofFamily(ends[0], ByteStream.Kind.PIPE, true, false), Connection.ofFamily(ends[1], ByteStream.Kind.PIPE, false, true));
    }

    /** {@return one end: of a one-way pipe, that which receives} */
    public Connection first() {
        return first;
    }

    /** {@return the other end: of a one-way pipe, that which sends} */
    public Connection second() {
        return second;
    }

    /** Closes both connections in this process, unless they are closed. */
    @Override
    public void close() {
        first.close();
        second.close();
    }

    /** {@return both ends} */
    @Override
    public String toString() {
        return "Pipe[" + first + ", " + second + "]";
    }
}
