// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

import dev.kindred.internal.os.Processes;
import dev.kindred.internal.os.Sockets;

/** An address in the terms of the system, of one of the two kinds. */
sealed interface Endpoint {

    /** Of IPv4 or IPv6. */
    record Inet(InetSocketAddress address) implements Endpoint {

        int family() {
            return address.getAddress() instanceof java.net.Inet6Address ? Sockets.AF_INET6 : Sockets.AF_INET;
        }
    }

    /**
     * Of a Unix socket.
     *
     * @param name    as the sockets below take it
     * @param address as the user gave it
     */
    record Unix(String name, SocketAddress address) implements Endpoint {

        boolean isFile() {
            return address instanceof UnixDomainSocketAddress;
        }
    }

    /**
     * {@return an address in these terms}
     *
     * @throws IllegalArgumentException if it is of another family, or not resolved
     */
    static Endpoint of(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet when inet.isUnresolved() ->
                throw new IllegalArgumentException("there is no address of the host '" + inet.getHostString() + "'");
            case InetSocketAddress inet -> new Inet(inet);
            case UnixDomainSocketAddress unix when !unix.getPath().toString().isEmpty() -> new Unix(path(unix.getPath().toString()), unix);
            case AbstractSocketAddress unix -> new Unix("@" + unix.name(), unix);
            default -> throw new IllegalArgumentException("an address of " + address.getClass().getName() + " ('" + address
                    + "'): only an InetSocketAddress, a UnixDomainSocketAddress with a path and an AbstractSocketAddress can be listened at and connected to");
        };
    }

    /** Below, a name that begins with an at sign is abstract. */
    private static String path(String path) {
        return path.startsWith("@") ? "./" + path : path;
    }

    /** {@return what kind of stream a connection to there is} */
    default ByteStream.Kind kind() {
        return this instanceof Unix ? ByteStream.Kind.UNIX_SOCKET : ByteStream.Kind.SOCKET;
    }

    /**
     * Makes a connected socket ready for messages, and looks who is at the other end.
     *
     * @throws AuthenticationException if that is another user, and the options do not accept it
     */
    default void greet(int socket, ChannelOptions options) {
        if (this instanceof Inet) {
            Sockets.setOption(socket, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1);
        } else if (!options.isAnyUserAccepted()) {
            Sockets.Credentials peer = Sockets.peerCredentials(socket);
            if (peer.uid() != Processes.userId()) {
                throw new AuthenticationException("the process " + peer.pid() + " at the other end is of the user " + peer.uid() + ", and this one of "
                        + Processes.userId() + ": to let others in, use ChannelOptions.withAnyUser(), and a key");
            }
        }
    }
}
