// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import java.io.FileDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.SerializedLambda;
import java.lang.invoke.VarHandle;
import java.lang.reflect.AccessibleObject;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The calls into the C layer, one for each function of {@code native/include/kindred.h}.
 *
 * <p>Every method returns zero or more for success and {@code -errno} for failure; none throws where it does not say so. Pointers are
 * addresses of memory that the caller keeps alive until the call returns. Texts are NUL-terminated bytes, at most {@value #TEXT_LIMIT} of
 * them. Deadlines are absolute nanoseconds of CLOCK_MONOTONIC, which is what {@link System#nanoTime()} reads on Linux;
 * {@link Long#MAX_VALUE} is no deadline.
 * A call that a signal interrupts is repeated in C wherever nothing can be lost by it.
 */
final class Native {

    /** The longest text a call takes, its NUL included. */
    static final int TEXT_LIMIT = 4096;

    static {
        NativeLibrary.require();
    }

    private Native() {}

    // Memory

    static native int memfdCreate(byte[] name);

    static native int addSeals(int descriptor, int seals);

    static native int sharedMemoryOpen(byte[] name, int flags, int mode);

    static native int sharedMemoryUnlink(byte[] name);

    static native int sharedMemoryCreateUnnamed(int mode);

    static native int sharedMemoryLink(int descriptor, byte[] name);

    static native int truncate(int descriptor, long size);

    /** Reserves in steps of at most 16 MiB, so that a signal cannot make a large request start over for ever. */
    static native int fallocate(int descriptor, int mode, long offset, long length);

    static native long map(int descriptor, long offset, long length, int protection, int flags);

    static native int mapOver(long address, long length, int descriptor, int protection, int flags);

    static native int unmap(long address, long length);

    static native int advise(long address, long length, int advice);

    // Files and descriptors

    static native int open(byte[] path, int flags, int mode);

    static native int close(int descriptor);

    /** Fills seven longs: size, device, inode, link count, owner's uid, mode, 512-byte blocks in use. */
    static native int status(int descriptor, long[] result);

    /** {@return the bytes that the file system of a file has left, {@link Long#MAX_VALUE} for one without a limit of its own} */
    static native long room(int descriptor);

    static native int duplicate(int descriptor);

    static native int duplicateTo(int from, int to);

    static native int statusFlags(int descriptor);

    static native long read(int descriptor, long address, long length);

    static native long write(int descriptor, long address, long length);

    /** {@return the number inside, or -EBADF} Reads the private field of a FileDescriptor, which only JNI may. */
    static native int descriptorOf(FileDescriptor descriptor);

    static native void setDescriptor(FileDescriptor descriptor, int number);

    /** Lets a field, method or constructor be used from anywhere, as setAccessible would if its module were open. */
    static native void makeAccessible(AccessibleObject object);

    /**
     * {@return a handle of numbers in memory segments, as {@code VarHandles.memorySegmentViewHandle} makes it}
     *
     * @param carrier a primitive type
     * @param layout  of its size and alignment
     * @param mask    the alignment less one
     * @throws LinkageError if this JDK has no such method
     */
    static native VarHandle segmentHandle(Class<?> carrier, MemoryLayout layout, long mask, ByteOrder order);

    /**
     * {@return a new object} Each of its constructor's arguments stands in the one array or the other.
     *
     * @param signature that of the constructor, such as {@code (ILjava/lang/String;)V}; the arrays have an element for each argument
     * @param numbers   the arguments of primitive types, of float and double the bits
     * @param objects   the others, which the caller has seen to be of their parameters' types
     * @throws LinkageError if there is no such constructor; and whatever it throws
     */
    static native Object construct(Class<?> type, String signature, long[] numbers, @Nullable Object[] objects);

    /** {@return what the object's method of that name returns, which takes nothing and returns an Object} It may throw anything. */
    static native @Nullable Object callForReplacement(Object object, String method);

    /** {@return what the class's method {@code $deserializeLambda$} makes of it} It may throw anything. */
    static native Object deserializeLambda(Class<?> capturing, SerializedLambda lambda);

    /** {@return the value of a static field of that name and type} Throws a LinkageError if there is none. */
    static native Object enumConstant(Class<?> type, String name, String signature);

    /** {@return the options of this JVM, or null if it has none} Throws a LinkageError if the JDK does not tell. */
    static native String @Nullable [] virtualMachineOptions();

    /**
     * Has something run while the JVM ends, as {@code java.lang.Shutdown.add} does.
     *
     * @param place which of the JDK's ten places it takes, and so when its turn comes
     * @throws IllegalStateException if the JVM is ending and that place has had its turn
     * @throws LinkageError          if this JDK has no such method
     */
    static native void addShutdownHook(int place, Runnable hook);

    // Semaphores

    /** {@return the address of the semaphore, or -errno} */
    static native long semaphoreOpen(byte[] name, int flags, int mode, int value);

    static native int semaphoreInitialize(long address, int value);

    static native int semaphoreClose(long address);

    static native int semaphoreUnlink(byte[] name);

    static native int semaphorePost(long address);

    // Futexes

    static native int futexWake(long address, int count, boolean shared);

    /**
     * Sleeps while all three words hold what is expected of them: {@code object} and {@code epoch} are shared, {@code interrupt} is private to
     * this process and may be 0 for none.
     *
     * @return the index of a word that was woken (0 object, 1 epoch, 2 interrupt), -EAGAIN when one differed, -ETIMEDOUT, -EINTR
     */
    static native int futexWait(long object, int objectValue, long epoch, int epochValue, long interrupt, int interruptValue, long deadline);

    /**
     * Sleeps on up to 128 words. An entry of the vector is 16 bytes: address (long), expected value (int), 1 for a shared and 0 for a private
     * word (int).
     */
    static native int futexWaitMany(long vector, int count, long deadline);

    // Locks of open file descriptions

    /** F_OFD_SETLK for writing on one byte; -EAGAIN when another description holds it. */
    static native int lockByte(int descriptor, long offset);

    static native int unlockByte(int descriptor, long offset);

    /** {@return 1 when another description holds the byte, 0 when none does} */
    static native int isByteLocked(int descriptor, long offset);

    // Sockets and pipes

    /** Fills two ints: the end to read from and the end to write to. */
    static native int pipe(int flags, int[] result);

    /** Fills two ints. */
    static native int socketPair(int type, int[] result);

    static native int socket(int family, int type);

    /** A Unix address without a NUL at its end; one that begins with a NUL byte is abstract. */
    static native int bindUnix(int socket, byte[] address);

    static native int connectUnix(int socket, byte[] address);

    static native int listen(int socket, int backlog);

    static native int accept(int socket);

    /** Fills three ints: pid, uid, gid. */
    static native int peerCredentials(int socket, int[] result);

    /** {@return bytes sent} Descriptors go with the first byte; none when {@code descriptors} is empty. */
    static native long send(int socket, long address, long length, int[] descriptors, int flags);

    /**
     * {@return bytes received, 0 at the end} Descriptors that came along (close-on-exec) are put into {@code descriptors}, the rest of which is
     * filled with -1; more than fit are closed and the call fails with -EMSGSIZE.
     */
    static native long receive(int socket, long address, long length, int[] descriptors, int flags);

    /** The same as {@link #send}, for at most 16 KiB at once of an array, in which the caller has seen the range to lie. */
    static native long sendBytes(int socket, byte[] bytes, int from, int length, int[] descriptors, int flags);

    /** The same as {@link #receive}, for at most 16 KiB at once of an array, in which the caller has seen the range to lie. */
    static native long receiveBytes(int socket, byte[] bytes, int from, int length, int[] descriptors, int flags);

    /**
     * Sends what is left of a frame, as far as there is room for it; never waits.
     *
     * @param head        the frame's head, at most 16 bytes of which are left
     * @param headFrom    where what is left of it begins
     * @param array       holds the body
     * @param from        where in it begins what is left of the body
     * @param length      how long that is; of a long one not all is sent at once
     * @param descriptors go with the first byte
     * @return bytes sent, of head and body together
     */
    static native long sendFrame(
            int stream, boolean isSocket, byte[] head, int headFrom, byte[] array, int from, int length, int[] descriptors);

    /**
     * Receives what is there; never waits. Of a socket, the first of {@code descriptors} says how many descriptors came, which stand behind it, or
     * is {@code -EMFILE} if they were closed because there is no room for them; it has room for {@link Sockets#DESCRIPTORS_PER_MESSAGE} and one.
     */
    static native long receivePart(int stream, boolean isSocket, byte[] array, int from, int length, int[] descriptors);

    /** An address of 4 or 16 bytes. */
    static native int bindInet(int socket, byte[] address, int port, int scope);

    static native int connectInet(int socket, byte[] address, int port, int scope);

    /** {@return the length of the address, which is written into the 16 bytes} The two ints are the port and the scope. */
    static native int inetName(int socket, boolean peer, byte[] address, int[] portAndScope);

    static native int setOption(int socket, int level, int option, int value);

    /** {@return what a connecting in the background ended with: an error number, or 0} */
    static native int socketError(int socket);

    static native int changeMode(int descriptor, int mode);

    // Processes

    /**
     * Starts a program as {@code kindred_spawn} in kindred.h describes.
     *
     * @param arguments     address of a NULL-terminated array of pointers, the first of which is the path of the program
     * @param environment   address of a NULL-terminated array of pointers
     * @param folder        working folder, or null for this process's
     * @param descriptors   descriptor {@code i} of the new process is {@code descriptors[i]} of this one; -1 leaves {@code i} closed
     * @param deathSignal   the signal the new process gets when the calling thread ends, 0 for none
     * @param result        filled with two ints: pid and pidfd
     */
    static native int spawn(
            long arguments, long environment, byte @Nullable [] folder, int[] descriptors, int deathSignal, int[] result);

    static native int pidfdOpen(int pid);

    static native int pidfdSendSignal(int pidfd, int signal);

    /**
     * Reaps a child.
     *
     * @return its exit code (0 to 255), or 256 + the signal that killed it; -EAGAIN while it runs and {@code hang} is false
     */
    static native int waitChild(int pidfd, boolean hang);

    static native int processId();

    static native int parentId();

    static native int userId();

    static native int threadId();

    /** Sends the calling thread a signal. */
    static native int raise(int signal);

    static native int setDeathSignal(int signal);

    static native int setAffinity(int threadId, long mask, long length);

    static native int getAffinity(int threadId, long mask, long length);

    static native int processors();

    /** Ends this process at once: no hooks, no finalizers, no flushing. */
    static native void exitNow(int code);

    // Ends of processes

    /** {@return 1 if a process executes nothing any more, 0 if it may; see kindred_has_ended in kindred.h} */
    static native int hasEnded(int pid);

    /** Makes the kernel mark a word at the end of the calling thread; {@code memory} is 32 bytes that stay in place as long. */
    static native int markAtThreadEnd(long word, long memory);

    // Polling

    static native int epollCreate();

    /** {@code operation} is 1 to add, 2 to remove, 3 to change; {@code data} comes back with an event. */
    static native int epollControl(int epoll, int operation, int descriptor, int events, long data);

    /** An event is two longs: events and data; at most 64 are written. {@code milliseconds} of -1 is no limit. */
    static native int epollWait(int epoll, long[] events, int milliseconds);

    static native int eventCreate();

    static native int eventSignal(int descriptor);

    static native int eventClear(int descriptor);

    /** {@return the events that are ready on one descriptor, 0 at the deadline} */
    static native int poll(int descriptor, int events, long deadline);

    /** {@return how many are ready, 0 at the deadline} An item is 8 bytes: descriptor (int), events (short), what is ready (short). */
    static native int pollMany(long items, int count, long deadline);

    // The platform

    /** Fills in errno's symbolic name, such as ENOENT, NUL-terminated. */
    static native int errnoName(int errno, byte[] result);

    /** Fills in what the C library says of errno, NUL-terminated. */
    static native int errnoText(int errno, byte[] result);

    /** {@return the value that C code has for a constant of the classes here, -EINVAL for an unknown name} */
    static native long constant(byte[] name);
}
