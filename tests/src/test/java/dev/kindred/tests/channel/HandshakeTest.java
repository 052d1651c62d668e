// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.kindred.channel.AbstractSocketAddress;
import dev.kindred.channel.AuthenticationException;
import dev.kindred.channel.AuthenticationKey;
import dev.kindred.channel.ChannelOptions;
import dev.kindred.channel.Client;
import dev.kindred.channel.Connection;
import dev.kindred.channel.Listener;
import dev.kindred.tests.support.Delays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CPython's ChallengeResponseTest and OtherTest: a listener with a key, and somebody who speaks the protocol by hand. */
class HandshakeTest {

    private static final byte[] KEY = ascii("the key");
    private static final ChannelOptions OPTIONS = ChannelOptions.defaults().withKey(AuthenticationKey.of(KEY));

    private final AbstractSocketAddress address = new AbstractSocketAddress("kindred-handshake-" + ProcessHandle.current().pid());

    /** Without a key, as the test speaks for itself. */
    private final Listener plain = Listener.open(address);

    @AfterEach
    void close() {
        plain.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] hmac(String algorithm, byte[] message) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(KEY, algorithm));
        return mac.doFinal(message);
    }

    /** Starts a client that has the key. What comes of it is a connection or an exception. */
    private FutureTask<Object> startClient(ChannelOptions options) {
        FutureTask<Object> client = new FutureTask<>(() -> {
            try {
                return Client.connect(address, options, Delays.LONG);
            } catch (AuthenticationException e) {
                return e;
            }
        });
        Thread.ofPlatform().start(client);
        return client;
    }

    private static Object get(FutureTask<Object> outcome) throws Exception {
        return outcome.get(Delays.LONG.toNanos(), TimeUnit.NANOSECONDS);
    }

    @ParameterizedTest
    @CsvSource({"md5, HmacMD5", "sha256, HmacSHA256", "sha384, HmacSHA384", "sha3_256, HmacSHA3-256", "sha3_384, HmacSHA3-384"})
    void theClientAnswersWithTheDigestThatIsAskedFor(String digest, String algorithm) throws Exception {
        FutureTask<Object> client = startClient(OPTIONS);
        try (Connection connection = plain.accept(Delays.LONG)) {
            byte[] message = join(ascii("{" + digest + "}"), Peers.bytes(40));
            connection.sendBytes(join(ascii("#CHALLENGE#"), message));
            assertArrayEquals(join(ascii("{" + digest + "}"), hmac(algorithm, message)), connection.receiveBytes(Delays.LONG));
            connection.sendBytes(ascii("#WELCOME#"));
            byte[] challenge = connection.receiveBytes(Delays.LONG);
            assertEquals(59, challenge.length);
            assertTrue(new String(challenge, StandardCharsets.ISO_8859_1).startsWith("#CHALLENGE#{sha256}"));
            byte[] asked = Arrays.copyOfRange(challenge, 11, 59);
            connection.sendBytes(join(ascii("{" + digest + "}"), hmac(algorithm, asked)));
            assertArrayEquals(ascii("#WELCOME#"), connection.receiveBytes(Delays.LONG));
            ((Connection) get(client)).close();
        }
    }

    /** An old peer's challenge has no name, and its answer is the bare digest. */
    @Test
    void anOldPeerIsAnsweredAsItExpects() throws Exception {
        FutureTask<Object> client = startClient(OPTIONS);
        try (Connection connection = plain.accept(Delays.LONG)) {
            byte[] message = Peers.bytes(20);
            connection.sendBytes(join(ascii("#CHALLENGE#"), message));
            assertArrayEquals(hmac("HmacMD5", message), connection.receiveBytes(Delays.LONG));
            connection.sendBytes(ascii("#WELCOME#"));
            byte[] asked = Arrays.copyOfRange(connection.receiveBytes(Delays.LONG), 11, 59);
            connection.sendBytes(hmac("HmacMD5", asked));
            assertArrayEquals(ascii("#WELCOME#"), connection.receiveBytes(Delays.LONG));
            ((Connection) get(client)).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#CHALLENGE#", "#CHALLENGE#1234567890123456789", "something bogus", "#CHALLENGE#{sha1}1234567890123456789012345678901234567890"})
    void whatIsNoChallengeIsRefused(String challenge) throws Exception {
        FutureTask<Object> client = startClient(OPTIONS);
        try (Connection connection = plain.accept(Delays.LONG)) {
            connection.sendBytes(ascii(challenge));
            assertEquals(AuthenticationException.class, get(client).getClass());
        }
    }

    @Test
    void aMessageThatIsTooLongIsRefused() throws Exception {
        FutureTask<Object> client = startClient(OPTIONS);
        try (Connection connection = plain.accept(Delays.LONG)) {
            connection.sendBytes(join(ascii("#CHALLENGE#"), new byte[300]));
            assertTrue(get(client).toString().contains("311 bytes"));
        }
    }

    @Test
    void whoIsGoneInTheMiddleHasNotShownItself() throws Exception {
        FutureTask<Object> client = startClient(OPTIONS);
        plain.accept(Delays.LONG).close();
        assertTrue(get(client).toString().contains("was closed where a challenge was expected"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{sha256}", "{sha256}12345678901234567890123456789012", "1234567890123456", "{md5}1234567890123456", "something bogus", "{sha1}12345678901234567890"})
    void aWrongAnswerIsRefused(String answer) throws Exception {
        AbstractSocketAddress other = new AbstractSocketAddress(address.name() + "-key");
        try (Listener listener = Listener.open(other, OPTIONS); Connection connection = Client.connect(other, Delays.LONG)) {
            FutureTask<Object> accepting = new FutureTask<>(() -> assertThrows(AuthenticationException.class, () -> listener.accept(Delays.LONG)));
            Thread.ofPlatform().start(accepting);
            assertEquals(59, connection.receiveBytes(Delays.LONG).length);
            connection.sendBytes(ascii(answer));
            assertArrayEquals(ascii("#FAILURE#"), connection.receiveBytes(Delays.LONG));
            get(accepting);
        }
    }

    @Test
    void aVerdictThatIsNoWelcomeIsAFailure() throws Exception {
        FutureTask<Object> client = startClient(OPTIONS);
        try (Connection connection = plain.accept(Delays.LONG)) {
            connection.sendBytes(join(ascii("#CHALLENGE#{sha256}"), new byte[40]));
            assertEquals(40, connection.receiveBytes(Delays.LONG).length);
            connection.sendBytes(ascii("#WELCOME"));
            assertEquals(AuthenticationException.class, get(client).getClass());
        }
    }

    @Test
    void withoutMd5NothingIsComputedForOldPeers() throws Exception {
        FutureTask<Object> client = startClient(OPTIONS.withoutMd5());
        try (Connection connection = plain.accept(Delays.LONG)) {
            connection.sendBytes(join(ascii("#CHALLENGE#"), new byte[20]));
            assertTrue(get(client).toString().contains("MD5"));
        }
    }
}
