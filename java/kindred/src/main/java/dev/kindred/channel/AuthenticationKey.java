// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.security.MessageDigest;
import java.security.SecureRandom;

import dev.kindred.internal.inheritance.Inheritance;

/**
 * A secret that both ends of a connection must have: Python's {@code authkey}.
 *
 * {@snippet :
 * AuthenticationKey key = AuthenticationKey.random();
 * try (Listener listener = Listener.open(new AbstractSocketAddress("orders-" + ProcessHandle.current().pid()), ChannelOptions.defaults().withKey(key))) {
 *     ChildProcess child = ChildProcess.start(
 *             () -> Client.connect(listener.address(), ChannelOptions.defaults().withKey(key)).sendBytes("hello".getBytes()));
 *     System.out.println(new String(listener.accept().receiveBytes()));   // hello
 *     child.join();
 * }
 * }
 *
 * <p>It does not show itself in {@code toString}, and travels to a child at its start and nowhere else.
 */
public final class AuthenticationKey implements Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private static final int RANDOM_LENGTH = 32;

    private final transient byte[] bytes;

    /** What goes to the child in place of a key. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares tickets.
    private record Ticket(byte[] bytes) implements Serializable {
        @Serial
        private Object readResolve() throws InvalidObjectException {
            Inheritance.requireArrivingStart();
            return of(bytes);
        }

        @Override
        public String toString() {
            return "Ticket";
        }
    }

    private AuthenticationKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * {@return the key that consists of these bytes}
     *
     * @param bytes the secret, which is copied; one that is guessed protects nobody, an empty one neither
     */
    public static AuthenticationKey of(byte[] bytes) {
        return new AuthenticationKey(bytes.clone());
    }

    /** {@return a new key of 32 random bytes} */
    public static AuthenticationKey random() {
        byte[] bytes = new byte[RANDOM_LENGTH];
        new SecureRandom().nextBytes(bytes);
        return new AuthenticationKey(bytes);
    }

    /** {@return the secret, not to be changed} */
    byte[] bytes() {
        return bytes;
    }

    /**
     * Gives way to a ticket while a child is being started.
     *
     * @return the ticket
     * @throws ObjectStreamException at any other time
     */
    @Serial
    private Object writeReplace() throws ObjectStreamException {
        Inheritance.requireStart(this);
        return new Ticket(bytes);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a key arrives as a ticket");
    }

    /** {@return whether the other is a key of the same bytes} It takes the same time wherever they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof AuthenticationKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return AuthenticationKey.class.hashCode();
    }

    /** {@return the type alone} */
    @Override
    public String toString() {
        return "AuthenticationKey[secret]";
    }
}
