// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kindred.NotInheritableException;
import dev.kindred.channel.Descriptor;
import dev.kindred.process.ChildProcess;
import dev.kindred.process.ChildTask;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.Processes;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Open files and sockets that travel to children, and those that must not. */
final class DescriptorTest {

    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("file"), content);
    }

    private static void run(ChildTask task) throws InterruptedException {
        try (ChildProcess child = Children.small().start(task)) {
            assertEquals(0, Children.exitCode(child));
        }
    }

    @Test
    void sharesThePositionOfAFile() throws Exception {
        Path path = file("0123456789");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Descriptor descriptor = Descriptor.of(channel)) {
            channel.position(4);
            run(() -> {
                try (FileChannel own = descriptor.toFileChannel()) {
                    assertEquals(4, own.position());
                    own.write(ByteBuffer.wrap("ab".getBytes(StandardCharsets.US_ASCII)));
                    ByteBuffer read = ByteBuffer.allocate(1);
                    own.read(read);
                    assertArrayEquals(new byte[] {'6'}, read.array());
                }
            });
            assertEquals(7, channel.position());
            assertEquals("0123ab6789", Files.readString(path));
        }
    }

    /** A list is not written in the compact format, which by then has taken the descriptor along once already. */
    @Test
    void travelsOnceWhateverItTravelsWith() throws Exception {
        String path = file("once").toString();
        List<Integer> counts = new ArrayList<>(List.of(1));
        try (FileChannel channel = FileChannel.open(Path.of(path), StandardOpenOption.READ);
                Descriptor descriptor = Descriptor.of(channel)) {
            run(() -> {
                assertEquals(1, numbersOf(Path.of(path)));
                assertEquals(1, counts.size());
                assertTrue(descriptor.number() > 2);
            });
        }
    }

    /** {@return how many numbers of this process stand for a file} */
    private static int numbersOf(Path path) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path number : numbers) {
                // The stream's own is closed by the time that it is looked at.
                count += Files.isSymbolicLink(number) && Files.readSymbolicLink(number).equals(path) ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void carriesStreams() throws Exception {
        Path path = file("in");
        try (FileInputStream in = new FileInputStream(path.toFile());
                FileOutputStream out = new FileOutputStream(folder.resolve("out").toFile());
                RandomAccessFile random = new RandomAccessFile(folder.resolve("random").toFile(), "rw");
                Descriptor input = Descriptor.of(in);
                Descriptor output = Descriptor.of(out);
                Descriptor both = Descriptor.of(random)) {
            run(() -> {
                try (FileInputStream from = input.toInputStream(); FileOutputStream to = output.toOutputStream();
                        FileOutputStream other = both.toOutputStream()) {
                    byte[] bytes = from.readAllBytes();
                    to.write(bytes);
                    other.write(bytes);
                }
            });
            out.write('!');
        }
        assertEquals("in!", Files.readString(folder.resolve("out")));
        assertEquals("in", Files.readString(folder.resolve("random")));
    }

    @Test
    void letsSeveralChildrenAppendToOneLog() throws Exception {
        Path log = folder.resolve("log");
        Lock lock = new Lock();
        List<ChildProcess> children = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                Descriptor descriptor = Descriptor.of(channel)) {
            for (int i = 0; i < 3; i++) {
                children.add(Children.small().start(() -> append(lock, descriptor, ChildProcess.current().name())));
            }
            for (ChildProcess child : children) {
                assertEquals(0, Children.exitCode(child));
            }
        }
        Map<String, Integer> lines = new TreeMap<>();
        Files.readAllLines(log).forEach(line -> lines.merge(line, 1, Integer::sum));
        Map<String, Integer> expected = new TreeMap<>();
        children.forEach(child -> expected.put("a line of " + child.name(), 100));
        assertEquals(expected, lines);
        children.forEach(ChildProcess::close);
    }

    private static void append(Lock lock, Descriptor descriptor, String name) throws IOException {
        try (FileOutputStream out = descriptor.toOutputStream()) {
            for (int i = 0; i < 100; i++) {
                lock.lock();
                try {
                    out.write(("a line of " + name + "\n").getBytes(StandardCharsets.UTF_8));
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    @Test
    void carriesConnections() throws Exception {
        carryConnection(StandardProtocolFamily.INET, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        carryConnection(StandardProtocolFamily.UNIX, UnixDomainSocketAddress.of(folder.resolve("socket")));
    }

    private static void carryConnection(StandardProtocolFamily family, SocketAddress address) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(family).bind(address);
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept();
                Descriptor descriptor = Descriptor.of(accepted)) {
            String peer = accepted.getRemoteAddress().toString();
            String local = accepted.getLocalAddress().toString();
            run(() -> {
                try (SocketChannel own = descriptor.toSocketChannel()) {
                    assertEquals(peer, own.getRemoteAddress().toString());
                    assertEquals(local, own.getLocalAddress().toString());
                    own.write(ByteBuffer.wrap("from the child".getBytes(StandardCharsets.US_ASCII)));
                }
            });
            assertEquals("from the child", read(client));
        }
    }

    @Test
    void carriesSocketsThatListen() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Descriptor descriptor = Descriptor.of(server);
                SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            run(() -> {
                try (ServerSocketChannel own = descriptor.toServerSocketChannel();
                        SocketChannel accepted = own.accept()) {
                    accepted.write(ByteBuffer.wrap("welcome".getBytes(StandardCharsets.US_ASCII)));
                }
            });
            assertEquals("welcome", read(client));
        }
    }

    private static String read(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        channel.read(buffer);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    }

    /** More than one message between processes can carry. */
    @Test
    void carriesHundreds() throws Exception {
        List<Descriptor> all = new ArrayList<>();
        Path file = file("x");
        String path = file.toString();
        try (FileChannel channel = FileChannel.open(file)) {
            for (int i = 0; i < 600; i++) {
                all.add(Descriptor.of(channel));
            }
            run(() -> {
                for (Descriptor each : all) {
                    assertEquals(path, Files.readSymbolicLink(Path.of("/proc/self/fd/" + each.number())).toString());
                }
            });
        } finally {
            all.forEach(Descriptor::close);
        }
    }

    @Test
    void staysOutOfOtherStreams() throws IOException {
        try (FileChannel channel = FileChannel.open(file("x")); Descriptor descriptor = Descriptor.of(channel);
                ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            NotInheritableException refusal = assertThrows(NotInheritableException.class,
                    () -> out.writeObject(descriptor));
            assertTrue(refusal.getMessage().contains("dev.kindred.channel.Descriptor"), refusal::getMessage);
        }
    }

    @Test
    void isOfUseOnlyWhileItIsOpen() throws IOException {
        FileChannel channel = FileChannel.open(file("x"));
        Descriptor descriptor = Descriptor.of(channel);
        channel.close();
        assertThrows(IllegalArgumentException.class, () -> Descriptor.of(channel));
        assertTrue(Processes.descriptors(ProcessHandle.current().pid()).containsKey(descriptor.number()));
        descriptor.close();
        descriptor.close();
        assertThrows(IllegalStateException.class, descriptor::number);
        assertThrows(IllegalStateException.class, descriptor::toInputStream);
    }

    /** Nothing but what it was given: not one of the files, sockets and pipes that this process has open. */
    @Test
    void givesAChildNoOthers() throws Exception {
        try (FileChannel channel = FileChannel.open(file("x"));
                ServerSocketChannel server = ServerSocketChannel.open().bind(null)) {
            assertTrue(channel.isOpen() && server.isOpen());
            assertEquals("", Children.output(DescriptorTest::printForeignDescriptors));
        }
    }

    private static void printForeignDescriptors() {
        Processes.descriptors(ProcessHandle.current().pid()).forEach((number, target) -> {
            if (!isItsOwn(number, target)) {
                System.out.println(number + " " + target);
            }
        });
    }

    /**
     * What any child has: standard streams, the socket to its parent, the family's file, and what its JVM and the
     * library open.
     */
    private static boolean isItsOwn(int number, String target) {
        return number <= 3 || target.endsWith(".jar") || target.endsWith("/lib/modules")
                || target.startsWith("/memfd:kindred") || target.startsWith("anon_inode:")
                || target.startsWith("/proc/");
    }

    @Test
    void leavesNoSignalBlockedOrIgnored() throws Exception {
        // HotSpot itself ignores SIGPIPE in some releases and handles it in others; all else is at its default or
        // HotSpot's own.
        String status = Children.output(() -> Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigBlk")).forEach(System.out::println));
        assertTrue(status.matches("SigBlk:\\s+0+"), status);
    }
}
