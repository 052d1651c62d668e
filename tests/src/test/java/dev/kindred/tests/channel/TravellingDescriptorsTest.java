// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kindred.NotInheritableException;
import dev.kindred.channel.ChannelTimeoutException;
import dev.kindred.channel.Client;
import dev.kindred.channel.Connection;
import dev.kindred.channel.Descriptor;
import dev.kindred.channel.EndOfChannelException;
import dev.kindred.channel.Listener;
import dev.kindred.channel.Pipe;
import dev.kindred.channel.UndecodableElementException;
import dev.kindred.channel.UnencodableElementException;
import dev.kindred.internal.os.Sockets;
import dev.kindred.internal.os.Streams;
import dev.kindred.internal.poll.Polls;
import dev.kindred.sync.Lock;
import dev.kindred.tests.channel.Peers.Peer;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Processes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CPython's _TestPicklingConnections, and the transfer of descriptors of its _TestConnection. */
class TravellingDescriptorsTest {

    @TempDir
    Path folder;

    private static int descriptors() {
        Polls.settle();
        return Processes.descriptors(ProcessHandle.current().pid()).size();
    }

    /** test_pickling: a listener in one process, whose accepted connections go to another, which uses them. */
    @ParameterizedTest
    @EnumSource
    void anAcceptedConnectionIsHandedOn(Peers peers) throws Exception {
        try (Pipe pipe = Pipe.twoWay();
                Listener listener = Listener.open(UnixDomainSocketAddress.of(folder.resolve("socket")));
                Peer _ = peers.start(() -> {
                    Map<?, ?> message = (Map<?, ?>) pipe.second().receive(Delays.LONG);
                    try (Connection handedOn = (Connection) message.get("connection")) {
                        assertArrayEquals(new byte[] {1, 2}, handedOn.receiveBytes(Delays.LONG));
                        handedOn.sendBytes(new byte[] {3});
                    }
                })) {
            try (Connection client = Client.connect(listener.address(), Delays.LONG)) {
                try (Connection accepted = listener.accept(Delays.LONG)) {
                    pipe.first().send(Map.of("connection", accepted));
                }
                client.sendBytes(new byte[] {1, 2});
                assertArrayEquals(new byte[] {3}, client.receiveBytes(Delays.LONG));
                assertThrows(EndOfChannelException.class, () -> client.receiveBytes(Delays.LONG));
            }
        }
    }

    /** test_access. */
    @ParameterizedTest
    @EnumSource
    void theDirectionTravelsWithAConnection(Peers peers) throws Exception {
        try (Pipe pipe = Pipe.twoWay();
                Peer _ = peers.start(() -> {
                    try (Connection receiver = (Connection) pipe.second().receive(Delays.LONG); Connection sender = (Connection) pipe.second().receive(Delays.LONG)) {
                        assertTrue(receiver.isReadable() && !receiver.isWritable());
                        assertTrue(sender.isWritable() && !sender.isReadable());
                        assertEquals(77, receiver.maximumLength());
                        assertArrayEquals(new byte[] {1}, receiver.receiveBytes(Delays.LONG));
                        sender.sendBytes(new byte[] {2});
                    }
                });
                Pipe there = Pipe.oneWay();
                Pipe back = Pipe.oneWay()) {
            there.first().setMaximumLength(77);
            pipe.first().send(there.first());
            pipe.first().send(back.second());
            there.second().sendBytes(new byte[] {1});
            assertArrayEquals(new byte[] {2}, back.first().receiveBytes(Delays.LONG));
        }
    }

    /** test_fd_transfer and test_large_fd_transfer: files, and sockets of the JDK. */
    @ParameterizedTest
    @EnumSource
    void filesAndSocketsTravel(Peers peers) throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        try (Pipe pipe = Pipe.twoWay();
                ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept();
                Peer _ = peers.start(() -> {
                    List<?> message = (List<?>) pipe.second().receive(Delays.LONG);
                    try (Descriptor file = (Descriptor) message.get(0);
                            Descriptor socket = (Descriptor) message.get(1);
                            FileChannel channel = file.toFileChannel();
                            SocketChannel connection = socket.toSocketChannel()) {
                        assertEquals(4, channel.position());
                        channel.write(ByteBuffer.wrap(new byte[] {'a', 'b'}));
                        connection.write(ByteBuffer.wrap(new byte[] {9}));
                    }
                })) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    Descriptor file = Descriptor.of(channel);
                    Descriptor socket = Descriptor.of(accepted)) {
                channel.position(4);
                pipe.first().send(List.of(file, socket));
            }
            ByteBuffer byteBuffer = ByteBuffer.allocate(1);
            assertEquals(1, client.read(byteBuffer));
            assertEquals(9, byteBuffer.get(0));
        }
        assertEquals("0123ab6789", Files.readString(path));
    }

    @Test
    void asManyAsAMessageCarriesAndNotOneMore() throws Exception {
        List<Descriptor> many = new ArrayList<>();
        for (int i = 0; i < Sockets.DESCRIPTORS_PER_MESSAGE; i++) {
            many.add(Descriptor.of(0));
        }
        try (Pipe pipe = Pipe.twoWay()) {
            int before = descriptors();
            pipe.first().send(many);
            List<?> received = (List<?>) pipe.second().receive(Delays.LONG);
            assertEquals(before + many.size(), descriptors());
            received.forEach(each -> ((Descriptor) each).close());
            many.add(Descriptor.of(0));
            IllegalArgumentException tooMany = assertThrows(IllegalArgumentException.class, () -> pipe.first().send(many));
            assertTrue(tooMany.getMessage().contains("254") && tooMany.getMessage().contains("253"), tooMany.getMessage());
            assertEquals(before + 1, descriptors());
            pipe.first().send("the next");
            assertEquals("the next", pipe.second().receive(Delays.LONG));
        }
        many.forEach(Descriptor::close);
    }

    @Test
    void nothingElseCarriesThem() throws Exception {
        try (Pipe oneWay = Pipe.oneWay();
                Pipe twoWay = Pipe.twoWay();
                Listener listener = Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Connection overTcp = Client.connect(listener.address(), Delays.LONG);
                Descriptor descriptor = Descriptor.of(0)) {
            for (Connection connection : List.of(oneWay.second(), overTcp)) {
                for (Object object : List.of(descriptor, twoWay.first(), listener, List.of(1, twoWay))) {
                    UnencodableElementException refused = assertThrows(UnencodableElementException.class, () -> connection.send(object));
                    assertInstanceOf(NotInheritableException.class, refused.getCause());
                    String advice = connection == overTcp ? "listen at a path" : "use Pipe.twoWay()";
                    assertTrue(refused.getMessage().contains("dev.kindred.channel.") && refused.getMessage().contains(advice), refused.getMessage());
                }
            }
            NotInheritableException nowhere = assertThrows(NotInheritableException.class,
                    () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(twoWay));
            assertTrue(nowhere.getMessage().contains("Connection objects go to a child"), nowhere.getMessage());
        }
    }

    /** What lies in shared memory goes to children only, also over a connection that takes descriptors. */
    @Test
    void locksDoNotTravelInMessages() throws Exception {
        try (Pipe pipe = Pipe.twoWay(); Descriptor descriptor = Descriptor.of(0)) {
            int before = descriptors();
            UnencodableElementException refused = assertThrows(UnencodableElementException.class, () -> pipe.first().send(List.of(descriptor, new Lock())));
            assertInstanceOf(NotInheritableException.class, refused.getCause());
            assertTrue(refused.getMessage().contains("dev.kindred.sync.Lock"), refused.getMessage());
            assertEquals(before, descriptors());
        }
    }

    @Test
    void whatNobodyExpectsIsClosed() throws Exception {
        try (Pipe pipe = Pipe.twoWay(); Descriptor descriptor = Descriptor.of(0)) {
            int before = descriptors();
            pipe.first().send(descriptor);
            assertTrue(pipe.second().receiveBytes(Delays.LONG).length > 0);
            assertEquals(before, descriptors());
            pipe.first().send(descriptor);
            assertTrue(pipe.second().receiveBytesInto(new byte[1000], 0, Delays.LONG) > 0);
            assertEquals(before, descriptors());
            // With the head of a message that is no object; in the middle of one; and of one that is never received.
            int[] numbers = {descriptor.number()};
            byte[] head = {0, 0, 0, 3};
            Streams.send(pipe.first().number(), true, head, 0, new byte[] {1}, 0, 1, numbers);
            Streams.send(pipe.first().number(), true, new byte[0], 0, new byte[] {2}, 0, 1, numbers);
            assertThrows(ChannelTimeoutException.class, () -> pipe.second().receive(Delays.SHORT));
            Streams.send(pipe.first().number(), true, new byte[0], 0, new byte[] {3}, 0, 1, numbers);
            assertThrows(UndecodableElementException.class, () -> pipe.second().receive(Delays.LONG));
            assertEquals(before, descriptors());
            Streams.send(pipe.first().number(), true, head, 0, new byte[] {1}, 0, 1, numbers);
            assertThrows(ChannelTimeoutException.class, () -> pipe.second().receive(Delays.SHORT));
            assertEquals(before + 1, descriptors());
            pipe.second().close();
            assertEquals(before - 1, descriptors());
        }
    }

    @Test
    void aConnectionThatIsInTheMiddleOfAMessageStays() throws Exception {
        try (Pipe pipe = Pipe.twoWay(); Pipe other = Pipe.twoWay()) {
            Streams.send(other.second().number(), true, new byte[] {0, 0}, 0, new byte[0], 0, 0, new int[0]);
            assertThrows(ChannelTimeoutException.class, () -> other.first().receiveBytes(Delays.SHORT));
            UnencodableElementException refused = assertThrows(UnencodableElementException.class, () -> pipe.first().send(other.first()));
            assertInstanceOf(NotSerializableException.class, refused.getCause());
        }
    }

    /** A listener that has no key. */
    @Test
    void aListenerTravels() throws Exception {
        try (Pipe pipe = Pipe.twoWay(); Listener listener = Listener.open(UnixDomainSocketAddress.of(folder.resolve("socket")))) {
            pipe.first().send(listener);
            SocketAddress address = listener.address();
            try (Listener travelled = (Listener) pipe.second().receive(Delays.LONG);
                    Connection client = Client.connect(address, Delays.LONG);
                    Connection accepted = travelled.accept(Delays.LONG)) {
                client.sendBytes(new byte[] {5});
                assertArrayEquals(new byte[] {5}, accepted.receiveBytes(Delays.LONG));
            }
            assertTrue(Files.exists(folder.resolve("socket")));
        }
    }
}
