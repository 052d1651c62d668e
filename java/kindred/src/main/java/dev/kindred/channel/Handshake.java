// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How the two ends of a connection show each other that they have a key, as Python's {@code multiprocessing.connection} does: one sends a challenge, the other
 * its HMAC under the key; then the other way round. All are messages of the connection.
 *
 * <pre>
 * #CHALLENGE#{sha256}RANDOM  -&gt;
 *                            &lt;-  {sha256}HMAC of all after #CHALLENGE#
 * #WELCOME# or #FAILURE#     -&gt;
 * </pre>
 *
 * <p>CPython up to 3.11 names no digest, in challenges and answers: then it is MD5, also in answer to a challenge that names another.
 */
final class Handshake {

    private static final byte[] CHALLENGE = ascii("#CHALLENGE#");
    private static final byte[] WELCOME = ascii("#WELCOME#");
    private static final byte[] FAILURE = ascii("#FAILURE#");
    private static final String DIGEST = "sha256";
    private static final String OLD_DIGEST = "md5";

    private static final Map<String, String> ALGORITHMS = Map.of(
            OLD_DIGEST, "HmacMD5", DIGEST, "HmacSHA256", "sha384", "HmacSHA384", "sha3_256", "HmacSHA3-256", "sha3_384", "HmacSHA3-384");

    private static final int RANDOM_LENGTH = 40;
    private static final int OLD_RANDOM_LENGTH = 20;
    private static final int OLD_ANSWER_LENGTH = 16;
    private static final int NAME_LIMIT = 20;
    private static final int MESSAGE_LIMIT = 256;

    private final Connection connection;
    private final AuthenticationKey key;
    private final boolean isMd5Accepted;
    private final long deadline;

    /**
     * Prepares one.
     *
     * @param deadline for all of it
     */
    Handshake(Connection connection, AuthenticationKey key, boolean isMd5Accepted, long deadline) {
        this.connection = connection;
        this.key = key;
        this.isMd5Accepted = isMd5Accepted;
        this.deadline = deadline;
    }

    /** A digest's name, empty where none is named, and what follows it. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    private record Named(String digest, byte[] rest) {}

    /**
     * Does it from the side of a listener.
     *
     * @throws AuthenticationException if one of the two does not have the key, or they do not understand each other
     */
    void accept() throws InterruptedException {
        deliver();
        answer();
    }

    /**
     * Does it from the side of a client.
     *
     * @throws AuthenticationException if one of the two does not have the key, or they do not understand each other
     */
    void connect() throws InterruptedException {
        answer();
        deliver();
    }

    /** Sends a challenge and checks the answer. */
    private void deliver() throws InterruptedException {
        byte[] random = new byte[RANDOM_LENGTH];
        new SecureRandom().nextBytes(random);
        byte[] message = join(ascii("{" + DIGEST + "}"), random);
        send(join(CHALLENGE, message));
        String fault = fault(message, receive("an answer to the challenge"));
        send(fault.isEmpty() ? WELCOME : FAILURE);
        if (!fault.isEmpty()) {
            throw new AuthenticationException("the other end of " + connection + " " + fault);
        }
    }

    /** {@return what is wrong with an answer, the empty text if nothing is} */
    private String fault(byte[] message, byte[] answer) {
        Named named = named(answer);
        boolean isOld = named.digest.isEmpty() && answer.length == OLD_ANSWER_LENGTH;
        String digest = isOld ? OLD_DIGEST : named.digest;
        if (!ALGORITHMS.containsKey(digest)) {
            return "answered the challenge with " + answer.length + " bytes of no known digest";
        }
        if (digest.equals(OLD_DIGEST) && !isMd5Accepted) {
            return "answered the challenge with MD5, which the options do not accept";
        }
        return MessageDigest.isEqual(hmac(digest, message), named.rest) ? "" : "has another key: its answer to the challenge is wrong";
    }

    /** Waits for a challenge and answers it. */
    private void answer() throws InterruptedException {
        byte[] challenge = receive("a challenge");
        if (!startsWith(challenge, CHALLENGE)) {
            throw new AuthenticationException("the other end of " + connection + " sent " + challenge.length
                    + " bytes that are no challenge: it demands no key, or is no listener of this kind");
        }
        byte[] message = Arrays.copyOfRange(challenge, CHALLENGE.length, challenge.length);
        if (message.length < OLD_RANDOM_LENGTH) {
            throw new AuthenticationException("the other end of " + connection + " sent a challenge of " + message.length + " bytes; it must have "
                    + OLD_RANDOM_LENGTH + " and more");
        }
        send(answer(message));
        byte[] verdict = receive("a verdict");
        if (!Arrays.equals(verdict, WELCOME)) {
            throw new AuthenticationException("the other end of " + connection + " has another key: it rejected the answer to its challenge");
        }
    }

    private byte[] answer(byte[] message) {
        String named = named(message).digest;
        // Without a name, of whatever length it is, it comes from an old peer, which does not expect one.
        String digest = named.isEmpty() ? OLD_DIGEST : named;
        if (!ALGORITHMS.containsKey(digest)) {
            throw new AuthenticationException("the other end of " + connection + " demands the digest " + digest + "; known are " + ALGORITHMS.keySet());
        }
        if (digest.equals(OLD_DIGEST) && !isMd5Accepted) {
            throw new AuthenticationException("the other end of " + connection + " demands MD5, which the options do not accept");
        }
        byte[] code = hmac(digest, message);
        return named.isEmpty() ? code : join(ascii("{" + digest + "}"), code);
    }

    private static Named named(byte[] message) {
        int end = -1;
        for (int i = 0; i < Math.min(message.length, NAME_LIMIT) && end < 0; i++) {
            end = message[i] == '}' ? i : -1;
        }
        if (message.length == 0 || message[0] != '{' || end < 0) {
            return new Named("", message);
        }
        String digest = new String(message, 1, end - 1, StandardCharsets.ISO_8859_1);
        return new Named(digest, Arrays.copyOfRange(message, end + 1, message.length));
    }

    private byte[] hmac(String digest, byte[] message) {
        String algorithm = ALGORITHMS.get(digest);
        try {
            Mac mac = Mac.getInstance(algorithm);
            // To HMAC, an empty key is a zero byte; to the JDK, it is an error.
            byte[] bytes = key.bytes().length == 0 ? new byte[1] : key.bytes();
            mac.init(new SecretKeySpec(bytes, algorithm));
            return mac.doFinal(message);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            AuthenticationException failure = new AuthenticationException("this JVM cannot compute " + algorithm + ": " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    private void send(byte[] message) throws InterruptedException {
        connection.sendUntil(message, deadline);
    }

    private byte[] receive(String what) throws InterruptedException {
        try {
            return connection.receiveUntil(MESSAGE_LIMIT, deadline);
        } catch (EndOfChannelException e) {
            AuthenticationException failure = new AuthenticationException("the other end of " + connection + " was closed where " + what + " was expected");
            failure.initCause(e);
            throw failure;
        } catch (MessageLengthException e) {
            AuthenticationException failure = new AuthenticationException("the other end of " + connection + " sent a message of " + e.length()
                    + " bytes where " + what + " was expected");
            failure.initCause(e);
            throw failure;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
