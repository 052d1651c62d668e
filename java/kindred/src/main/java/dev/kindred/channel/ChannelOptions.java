// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.ObjectInputFilter;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Listener} or a {@link Client} demands of those at the other end. Immutable: each method returns other options.
 *
 * {@snippet :
 * ChannelOptions options = ChannelOptions.defaults().withKey(AuthenticationKey.random()).withMaximumLength(1 << 20);
 * try (Listener listener = Listener.open(new InetSocketAddress("localhost", 0), options)) {
 *     System.out.println("listening at " + listener.address());
 * }
 * }
 *
 * <p>They travel to children, but for the filter, which each process sets itself.
 */
public final class ChannelOptions implements Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private static final ChannelOptions DEFAULTS =
            new ChannelOptions(null, 128, false, true, Duration.ofSeconds(10), Integer.MAX_VALUE - 8L, null);

    /** Null for none. */
    private final @Nullable AuthenticationKey key;

    /** Of a listener. */
    private final int backlog;

    /** Whether peers of all users are accepted over Unix sockets. */
    private final boolean anyUser;

    /** Whether old peers are authenticated by MD5. */
    private final boolean md5;

    /** For the handshake, where the caller sets no time. */
    private final Duration handshakeTimeout;

    /** Of a message. */
    private final long maximumLength;

    /** Null for that of strangers. */
    private final transient @Nullable ObjectInputFilter filter;

    private ChannelOptions(
            @Nullable AuthenticationKey key, int backlog, boolean anyUser, boolean md5, Duration handshakeTimeout, long maximumLength,
            @Nullable ObjectInputFilter filter) {
        this.key = key;
        this.backlog = backlog;
        this.anyUser = anyUser;
        this.md5 = md5;
        this.handshakeTimeout = handshakeTimeout;
        this.maximumLength = maximumLength;
        this.filter = filter;
    }

    /**
     * {@return the defaults: no key; up to 128 who wait to be accepted; over Unix sockets only peers of this process's user; ten seconds for a handshake;
     * messages as long as an array; objects that are values only}
     */
    public static ChannelOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Demands that both ends show that they have a key, as Python's {@code authkey} does.
     *
     * @param newKey the key
     * @return other options
     */
    public ChannelOptions withKey(AuthenticationKey newKey) {
        return new ChannelOptions(newKey, backlog, anyUser, md5, handshakeTimeout, maximumLength, filter);
    }

    /**
     * Sets how many may wait to be accepted by a listener.
     *
     * @param count at least 1; the system may let fewer wait ({@code net.core.somaxconn})
     * @return other options
     * @throws IllegalArgumentException if the count is not positive
     */
    public ChannelOptions withBacklog(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a backlog of " + count + ": at least one must be able to wait");
        }
        return new ChannelOptions(key, count, anyUser, md5, handshakeTimeout, maximumLength, filter);
    }

    /**
     * Accepts peers of all users over Unix sockets, also of those to whom the socket's file is closed later. Use a key then.
     *
     * @return other options
     */
    public ChannelOptions withAnyUser() {
        return new ChannelOptions(key, backlog, true, md5, handshakeTimeout, maximumLength, filter);
    }

    /**
     * Refuses HMAC-MD5, which CPython up to 3.11 uses. Without this it is used with those who ask for it: nobody has found a way to forge an HMAC-MD5,
     * but there are better ones, which are used with all others.
     *
     * @return other options
     */
    public ChannelOptions withoutMd5() {
        return new ChannelOptions(key, backlog, anyUser, false, handshakeTimeout, maximumLength, filter);
    }

    /**
     * Sets how long a handshake may take where the call that it belongs to has no time of its own: who connects and says nothing holds nobody up for longer.
     *
     * @param timeout how long
     * @return other options
     * @throws IllegalArgumentException if it is not positive
     */
    public ChannelOptions withHandshakeTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a handshake cannot be done within " + timeout);
        }
        return new ChannelOptions(key, backlog, anyUser, md5, timeout, maximumLength, filter);
    }

    /**
     * Sets the {@linkplain Connection#setMaximumLength(long) maximum} of the connections.
     *
     * @param maximum the most bytes of a message that are received
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public ChannelOptions withMaximumLength(long maximum) {
        if (maximum < 0) {
            throw new IllegalArgumentException("a maximum of " + maximum + " bytes: no message is that short");
        }
        return new ChannelOptions(key, backlog, anyUser, md5, handshakeTimeout, maximum, filter);
    }

    /**
     * Sets the {@linkplain Connection#setObjectFilter(ObjectInputFilter) filter} of the connections.
     *
     * @param newFilter what decides which classes the objects that are received may be of
     * @return other options
     */
    public ChannelOptions withObjectFilter(ObjectInputFilter newFilter) {
        return new ChannelOptions(key, backlog, anyUser, md5, handshakeTimeout, maximumLength, newFilter);
    }

    @Nullable AuthenticationKey key() {
        return key;
    }

    int backlog() {
        return backlog;
    }

    boolean isAnyUserAccepted() {
        return anyUser;
    }

    boolean isMd5Accepted() {
        return md5;
    }

    Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /** Gives a connection what it is to have of these. */
    void apply(Connection connection) {
        connection.setMaximumLength(maximumLength);
        if (filter != null) {
            connection.setObjectFilter(filter);
        }
    }
}
