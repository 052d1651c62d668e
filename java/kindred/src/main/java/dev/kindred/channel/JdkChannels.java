// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import dev.kindred.UnsupportedPlatformException;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.os.Reflection;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gets descriptors out of the JDK's channels and makes channels of descriptors. The JDK has no public way for either,
 * so that this rests on the names inside of JDK 25; another JDK is an error that says so.
 */
final class JdkChannels {

    private static final int ACCESS_MASK = 3;
    private static final String PACKAGE = "sun.nio.ch.";

    private JdkChannels() {}

    /** Something that looks a name up inside of the JDK. */
    private interface LookUp<T extends @Nullable Object> {
        T get() throws ReflectiveOperationException;
    }

    /** {@return the number inside of an open channel} */
    static int descriptorOf(Channel channel) {
        if (!channel.isOpen()) {
            throw new IllegalArgumentException("the channel is closed: " + channel);
        }
        Object descriptor;
        try {
            descriptor = Reflection.get(channel.getClass().getDeclaredField("fd"), channel);
        } catch (NoSuchFieldException e) {
            throw new IllegalArgumentException(channel + " (a " + channel.getClass().getName()
                    + ") is no open file or socket of the system", e);
        }
        return Descriptors.of((FileDescriptor) Objects.requireNonNull(descriptor));
    }

    /** {@return a channel that owns the descriptor} {@code flags} are those the file was opened with. */
    static FileChannel fileChannel(FileDescriptor descriptor, int flags) {
        int access = flags & ACCESS_MASK;
        boolean readable = access != Descriptors.O_WRONLY;
        boolean writable = access != Descriptors.O_RDONLY;
        Class<?>[] parameters = {
            FileDescriptor.class, String.class, boolean.class, boolean.class, boolean.class, boolean.class,
            Closeable.class};
        return (FileChannel) invoke("FileChannelImpl", "open", parameters,
                descriptor, "descriptor " + Descriptors.of(descriptor), readable, writable, false, false, null);
    }

    /** {@return a channel that owns the descriptor, which is connected} */
    static SocketChannel socketChannel(FileDescriptor descriptor) {
        ProtocolFamily family = family(descriptor);
        Class<?>[] parameters = {
            SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class, SocketAddress.class};
        return (SocketChannel) construct("SocketChannelImpl", parameters,
                SelectorProvider.provider(), family, descriptor, peer(descriptor, family));
    }

    /** {@return a channel that owns the descriptor, which listens} */
    static ServerSocketChannel serverSocketChannel(FileDescriptor descriptor) {
        Class<?>[] parameters = {SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class, boolean.class};
        return (ServerSocketChannel) construct("ServerSocketChannelImpl", parameters,
                SelectorProvider.provider(), family(descriptor), descriptor, true);
    }

    private static ProtocolFamily family(FileDescriptor descriptor) {
        int number = Descriptors.of(descriptor);
        int family = (int) invoke("InheritedChannel", "addressFamily", new Class<?>[] {int.class}, number);
        return (ProtocolFamily) invoke("InheritedChannel", "protocolFamily", new Class<?>[] {int.class}, family);
    }

    private static SocketAddress peer(FileDescriptor descriptor, ProtocolFamily family) {
        if (family == StandardProtocolFamily.UNIX) {
            Class<?>[] parameters = {int.class};
            Object path = invoke("InheritedChannel", "unixPeerAddress", parameters, Descriptors.of(descriptor));
            return UnixDomainSocketAddress.of((String) path);
        }
        return (InetSocketAddress) invoke("Net", "remoteAddress", new Class<?>[] {FileDescriptor.class}, descriptor);
    }

    private static Object invoke(String type, String method, Class<?>[] parameters, @Nullable Object... arguments) {
        var target = lookUp(() -> Class.forName(PACKAGE + type).getDeclaredMethod(method, parameters));
        return Objects.requireNonNull(Reflection.invoke(target, null, arguments));
    }

    private static Object construct(String type, Class<?>[] parameters, @Nullable Object... arguments) {
        var constructor = lookUp(() -> Class.forName(PACKAGE + type).getDeclaredConstructor(parameters));
        return Reflection.construct(constructor, arguments);
    }

    private static <T> T lookUp(LookUp<T> name) {
        try {
            return name.get();
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedPlatformException("channels cannot be made of descriptors by this JDK ("
                    + Runtime.version() + "), which lacks " + e.getMessage()
                    + ": use toInputStream() and toOutputStream(), or JDK 25", e);
        }
    }
}
