// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sockets, and descriptors that travel over those of Unix. */
public final class Sockets {

    /** The family of Unix sockets. */
    public static final int AF_UNIX = 1;

    /** The family of IPv4. */
    public static final int AF_INET = 2;

    /** The family of IPv6. */
    public static final int AF_INET6 = 10;

    /** A stream of bytes. */
    public static final int SOCK_STREAM = 1;

    /** Messages in order. */
    public static final int SOCK_SEQPACKET = 5;

    /** With a type: calls on the socket do not wait. */
    public static final int SOCK_NONBLOCK = 04000;

    /** The level of the options that all sockets have. */
    public static final int SOL_SOCKET = 1;

    /** An address of which connections still linger may be taken again. */
    public static final int SO_REUSEADDR = 2;

    /** The level of TCP's own options. */
    public static final int IPPROTO_TCP = 6;

    /** What is sent goes out at once. */
    public static final int TCP_NODELAY = 1;

    /** Look at what is there and leave it. */
    public static final int MSG_PEEK = 2;

    /** Do not wait. */
    public static final int MSG_DONTWAIT = 0x40;

    /** Wait until all of it is there. */
    public static final int MSG_WAITALL = 0x100;

    /** The most descriptors that one message carries. */
    public static final int DESCRIPTORS_PER_MESSAGE = 253;

    private static final int[] NONE = {};

    private static final int V6_LENGTH = 16;

    /**
     * Who is at the other end.
     *
     * @param pid the process, as this process's pid namespace numbers it
     * @param uid its user
     * @param gid its group
     */
    public record Credentials(int pid, int uid, int gid) {}

    private Sockets() {}

    /**
     * {@return the descriptors of two sockets that are connected with each other}
     *
     * @param type a {@code SOCK_} constant
     * @throws dev.kindred.SystemCallException if this process may have no more descriptors
     */
    public static int[] pair(int type) {
        int[] ends = new int[2];
        int result = Native.socketPair(type, ends);
        if (result < 0) {
            throw Errno.failure(result, "socketpair", "type", type);
        }
        return ends;
    }

    /**
     * {@return a descriptor of a new socket}
     *
     * @param family an {@code AF_} constant
     * @param type   a {@code SOCK_} constant
     * @throws dev.kindred.SystemCallException if it cannot be made
     */
    public static int socket(int family, int type) {
        int result = Native.socket(family, type);
        if (result < 0) {
            throw Errno.failure(result, "socket", "family", family, "type", type);
        }
        return result;
    }

    /**
     * Gives a socket an address.
     *
     * @param socket  the socket
     * @param address a path, or, after a {@code @}, a name that is no file and goes with the socket
     * @throws dev.kindred.SystemCallException if the address is taken or longer than 107 bytes
     */
    public static void bind(int socket, String address) {
        int result = Native.bindUnix(socket, addressBytes(address));
        if (result < 0) {
            throw Errno.failure(result, "bind", "socket", socket, "address", address);
        }
    }

    /**
     * Connects a socket.
     *
     * @param socket  the socket
     * @param address the address, as {@link #bind} takes it
     * @throws dev.kindred.SystemCallException if nobody listens there
     */
    public static void connect(int socket, String address) {
        int result = Native.connectUnix(socket, addressBytes(address));
        if (result < 0) {
            throw Errno.failure(result, "connect", "socket", socket, "address", address);
        }
    }

    private static byte[] addressBytes(String address) {
        byte[] bytes = Texts.bytes(address);
        if (bytes.length > 0 && bytes[0] == '@') {
            bytes[0] = 0;
        }
        return bytes;
    }

    /**
     * Lets others connect.
     *
     * @param socket  the socket
     * @param backlog how many may wait to be accepted
     * @throws dev.kindred.SystemCallException if it has no address
     */
    public static void listen(int socket, int backlog) {
        int result = Native.listen(socket, backlog);
        if (result < 0) {
            throw Errno.failure(result, "listen", "socket", socket, "backlog", backlog);
        }
    }

    /**
     * {@return a socket for the next one who connects}
     *
     * @param socket the socket that listens
     * @throws dev.kindred.SystemCallException if it does not listen, or this process may have no more descriptors
     */
    public static int accept(int socket) {
        int result = Native.accept(socket);
        if (result < 0) {
            throw Errno.failure(result, "accept4", "socket", socket);
        }
        return result;
    }

    /**
     * {@return who was at the other end when it connected}
     *
     * @param socket the socket
     * @throws dev.kindred.SystemCallException if it is no Unix socket
     */
    public static Credentials peerCredentials(int socket) {
        int[] values = new int[3];
        int result = Native.peerCredentials(socket, values);
        if (result < 0) {
            throw Errno.failure(result, "getsockopt", "socket", socket, "option", "SO_PEERCRED");
        }
        return new Credentials(values[0], values[1], values[2]);
    }

    /**
     * Sends once, without descriptors.
     *
     * @param socket the socket
     * @param buffer native memory to send
     * @param flags  {@code MSG_} constants
     * @return the bytes sent, which may be fewer than there are, or {@code -Errno.EAGAIN} if there is no room and this call does not block
     * @throws dev.kindred.SystemCallException if nobody is at the other end
     */
    public static long send(int socket, MemorySegment buffer, int flags) {
        return send(socket, buffer, NONE, flags);
    }

    /**
     * Sends once.
     *
     * @param socket      the socket
     * @param buffer      native memory to send, at least one byte
     * @param descriptors what goes with the first byte, at most {@value #DESCRIPTORS_PER_MESSAGE}; they stay open here
     * @param flags       {@code MSG_} constants
     * @return the bytes sent, which may be fewer than there are, or {@code -Errno.EAGAIN} if there is no room and this call does not block
     * @throws dev.kindred.SystemCallException if nobody is at the other end, or there are too many descriptors
     */
    public static long send(int socket, MemorySegment buffer, int[] descriptors, int flags) {
        try {
            long length = buffer.byteSize();
            long result = Native.send(socket, Descriptors.address(buffer), length, descriptors, flags);
            if (result < 0 && result != -Errno.EAGAIN) {
                throw Errno.failure(result, "sendmsg", "socket", socket, "length", length, "descriptors", descriptors.length);
            }
            return result;
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /**
     * Receives once, from one who must not send descriptors.
     *
     * @param socket the socket
     * @param buffer native memory to fill from its beginning
     * @param flags  {@code MSG_} constants
     * @return the bytes received, 0 at the end, {@code -Errno.EAGAIN} if nothing is there and this call does not block
     * @throws dev.kindred.SystemCallException if descriptors came, which are closed, or a message is longer than the buffer
     */
    public static long receive(int socket, MemorySegment buffer, int flags) {
        return receive(socket, buffer, NONE, flags);
    }

    /**
     * Receives once.
     *
     * @param socket      the socket
     * @param buffer      native memory to fill from its beginning
     * @param descriptors filled with the descriptors that came, which are the caller's to close, and -1
     * @param flags       {@code MSG_} constants
     * @return the bytes received, 0 at the end, {@code -Errno.EAGAIN} if nothing is there and this call does not block
     * @throws dev.kindred.SystemCallException if more descriptors came than there is room for, this process may have no more of them, or a
     *                                         message is longer than the buffer; what came is closed then
     */
    public static long receive(int socket, MemorySegment buffer, int[] descriptors, int flags) {
        try {
            long length = buffer.byteSize();
            long result = Native.receive(socket, Descriptors.address(buffer), length, descriptors, flags);
            if (result < 0 && result != -Errno.EAGAIN) {
                throw Errno.failure(result, "recvmsg", "socket", socket, "length", length, "descriptors", descriptors.length);
            }
            return result;
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /**
     * Sends once, from an array. The same as {@link #send(int, MemorySegment, int[], int)} otherwise.
     *
     * @param socket      the socket
     * @param bytes       holds what is to be sent
     * @param from        where in the array it begins; all to the end of it is to be sent, at most 16 KiB at once
     * @param descriptors what goes with the first byte, at most {@value #DESCRIPTORS_PER_MESSAGE}; they stay open here
     * @param flags       {@code MSG_} constants
     * @return the bytes sent, which may be fewer than there are, or {@code -Errno.EAGAIN} if there is no room and this call does not block
     * @throws dev.kindred.SystemCallException if nobody is at the other end, or there are too many descriptors
     */
    public static int send(int socket, byte[] bytes, int from, int[] descriptors, int flags) {
        int length = bytes.length - Objects.checkIndex(from, bytes.length + 1);
        long result = Native.sendBytes(socket, bytes, from, length, descriptors, flags);
        if (result < 0 && result != -Errno.EAGAIN) {
            throw Errno.failure(result, "sendmsg", "socket", socket, "length", length, "descriptors", descriptors.length);
        }
        return (int) result;
    }

    /**
     * Receives once, into an array. The same as {@link #receive(int, MemorySegment, int[], int)} otherwise.
     *
     * @param socket      the socket
     * @param bytes       filled from {@code from} on
     * @param from        where in the array to begin; all to the end of it may be filled, at most 16 KiB at once
     * @param descriptors filled with the descriptors that came, which are the caller's to close, and -1
     * @param flags       {@code MSG_} constants
     * @return the bytes received, 0 at the end, {@code -Errno.EAGAIN} if nothing is there and this call does not block
     * @throws dev.kindred.SystemCallException if more descriptors came than there is room for, this process may have no more of them, or a
     *                                         message is longer than the buffer; what came is closed then
     */
    public static int receive(int socket, byte[] bytes, int from, int[] descriptors, int flags) {
        int length = bytes.length - Objects.checkIndex(from, bytes.length + 1);
        long result = Native.receiveBytes(socket, bytes, from, length, descriptors, flags);
        if (result < 0 && result != -Errno.EAGAIN) {
            throw Errno.failure(result, "recvmsg", "socket", socket, "length", length, "descriptors", descriptors.length);
        }
        return (int) result;
    }

    /**
     * {@return a socket for the next one who connects, or {@code -Errno.EAGAIN} if there is none and the socket does not block}
     *
     * @param socket the socket that listens
     * @throws dev.kindred.SystemCallException if it does not listen, or this process may have no more descriptors
     */
    public static int acceptIfThere(int socket) {
        int result = Native.accept(socket);
        return result == -Errno.EAGAIN ? result : require(result, "accept4", socket);
    }

    /**
     * Connects a Unix socket that does not block.
     *
     * @param socket  the socket
     * @param address the address, as {@link #bind} takes it
     * @return whether it is connected; if not, there are too many who wait to be accepted
     * @throws dev.kindred.SystemCallException if nobody listens there
     */
    public static boolean connectIfPossible(int socket, String address) {
        int result = Native.connectUnix(socket, addressBytes(address));
        if (result < 0 && result != -Errno.EAGAIN) {
            throw Errno.failure(result, "connect", "socket", socket, "address", address);
        }
        return result >= 0;
    }

    /**
     * Gives a socket an address of IPv4 or IPv6.
     *
     * @param socket  the socket
     * @param address the address, which is resolved
     * @throws dev.kindred.SystemCallException if the address is taken or none of this machine's
     */
    public static void bind(int socket, InetSocketAddress address) {
        InetAddress host = address.getAddress();
        int result = Native.bindInet(socket, host.getAddress(), address.getPort(), scope(host));
        if (result < 0) {
            throw Errno.failure(result, "bind", "socket", socket, "address", address);
        }
    }

    /**
     * Begins to connect a socket that does not block.
     *
     * @param socket  the socket
     * @param address the address, which is resolved
     * @return whether it is connected already; if not, {@link #finishConnecting} tells when the socket is writable
     * @throws dev.kindred.SystemCallException if nobody listens there, or there is no way
     */
    public static boolean connect(int socket, InetSocketAddress address) {
        InetAddress host = address.getAddress();
        int result = Native.connectInet(socket, host.getAddress(), address.getPort(), scope(host));
        if (result < 0 && result != -Errno.EINPROGRESS && result != -Errno.EINTR) {
            throw Errno.failure(result, "connect", "socket", socket, "address", address);
        }
        return result >= 0;
    }

    /**
     * Finds out how a connecting in the background ended.
     *
     * @param socket  the socket, which is writable
     * @param address where to, for the message
     * @throws dev.kindred.SystemCallException if it failed
     */
    public static void finishConnecting(int socket, InetSocketAddress address) {
        int result = Native.socketError(socket);
        if (result != 0) {
            throw Errno.failure(-Math.abs(result), "connect", "socket", socket, "address", address);
        }
    }

    private static int scope(InetAddress host) {
        return host instanceof Inet6Address six ? six.getScopeId() : 0;
    }

    /**
     * {@return the address of one end of a socket, or null if it is none of IPv4 or IPv6}
     *
     * @param socket the socket
     * @param peer   whether of the other end
     * @throws dev.kindred.SystemCallException if it is not connected, or no socket
     */
    public static @Nullable InetSocketAddress inetAddress(int socket, boolean peer) {
        byte[] bytes = new byte[V6_LENGTH];
        int[] portAndScope = new int[2];
        int length = Native.inetName(socket, peer, bytes, portAndScope);
        if (length == -Errno.EAFNOSUPPORT) {
            return null;
        }
        require(length, peer ? "getpeername" : "getsockname", socket);
        try {
            InetAddress host = length == V6_LENGTH
                    ? Inet6Address.getByAddress(null, bytes, portAndScope[1])
                    : InetAddress.getByAddress(Arrays.copyOf(bytes, length));
            return new InetSocketAddress(host, portAndScope[0]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the kernel gave an address of " + length + " bytes", e);
        }
    }

    /**
     * Sets an option.
     *
     * @param socket the socket
     * @param level  whose option it is
     * @param option which one
     * @param value  its value
     * @throws dev.kindred.SystemCallException if the socket has no such option
     */
    public static void setOption(int socket, int level, int option, int value) {
        int result = Native.setOption(socket, level, option, value);
        if (result < 0) {
            throw Errno.failure(result, "setsockopt", "socket", socket, "level", level, "option", option, "value", value);
        }
    }

    /**
     * Sets the permissions that the file of a socket will have.
     *
     * @param socket the socket, before it is bound to a path
     * @param mode   the permissions
     * @throws dev.kindred.SystemCallException if it is not open
     */
    public static void setMode(int socket, int mode) {
        int result = Native.changeMode(socket, mode);
        if (result < 0) {
            throw Errno.failure(result, "fchmod", "socket", socket, "mode", Texts.mode(mode));
        }
    }

    private static int require(int result, String call, int socket) {
        if (result < 0) {
            throw Errno.failure(result, call, "socket", socket);
        }
        return result;
    }
}
