// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.Serial;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The name of a Unix socket that is no file and goes with the socket: an address in Linux's abstract namespace, which Python writes
 * with a NUL before it.
 *
 * {@snippet :
 * try (Listener listener = Listener.open(new AbstractSocketAddress("orders"))) {
 *     System.out.println(listener.address());   // @orders
 * }
 * }
 *
 * <p>Nobody's permissions protect such a name: every user of the machine (of its network namespace) may connect. That is why peers of other users are refused
 * unless they are {@linkplain ChannelOptions#withAnyUser() let in}.
 */
public final class AbstractSocketAddress extends SocketAddress {

    @Serial
    private static final long serialVersionUID = 1;

    private static final int LENGTH_LIMIT = 107;

    /** The name, without what marks it as abstract. */
    private final String name;

    /**
     * Makes one.
     *
     * @param name 1 to 107 bytes of UTF-8
     * @throws IllegalArgumentException if it is empty or longer, or contains a NUL
     */
    public AbstractSocketAddress(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > LENGTH_LIMIT || name.indexOf(0) >= 0) {
            throw new IllegalArgumentException("an abstract name has 1 to " + LENGTH_LIMIT + " bytes and no NUL, and '" + name + "' has " + length);
        }
        this.name = name;
    }

    /** {@return the name, without what marks it as abstract} */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AbstractSocketAddress address && Objects.equals(name, address.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** {@return the name after a {@code @}} */
    @Override
    public String toString() {
        return "@" + name;
    }
}
