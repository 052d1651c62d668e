// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.Waitable;
import dev.kindred.internal.os.Descriptors;
import dev.kindred.internal.poll.WaitCollector;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child process: a JVM of its own that runs a {@linkplain ChildTask task} and shares memory, locks and open files
 * with this one.
 *
 * {@snippet :
 * Value price = Value.ofDouble(10.0);
 * try (ChildProcess child = ChildProcess.start(() -> price.setDouble(10.78))) {
 *     child.join();
 *     System.out.println(price.getDouble() + ", exit code " + child.exitCode().getAsInt());   // 10.78, exit code 0
 * }
 * }
 *
 * <p><b>What a child gets.</b> The task is serialized, so what it captures travels with it: shared objects arrive as
 * the same objects, all else as a copy whose changes the parent never sees. Static fields do not travel: the child
 * initialises its classes anew. It has the parent's class path, module path, environment and working folder, and its
 * JVM options but for those that only one process can have (see {@link ChildProcessBuilder#jvmOptions(String...)}). Its
 * standard input is empty, its standard output and error are the parent's. It holds no other descriptor of the parent's
 * and has no signal blocked.
 *
 * <p><b>How it ends.</b> When its task has returned and all its non-daemon threads have ended, as any JVM does. If the
 * task throws, the child prints {@code Process NAME:} and the full trace on its standard error, and its exit code is 1.
 *
 * <p><b>How long it lives.</b> While a child that is not a daemon lives, the parent's JVM does not end by itself,
 * exactly as if the child were a non-daemon thread. If the parent ends all the same ({@link System#exit(int)}, a
 * signal, a crash), the kernel kills its children at once, also stopped and stuck ones, unless they were asked to
 * {@linkplain ChildProcessBuilder#outliveParent(boolean) outlive it}. Children that are {@linkplain
 * ChildProcessBuilder#daemon(boolean) daemons} do not keep the parent; when it ends they are asked to end (SIGTERM),
 * and killed if they are still there three seconds later.
 *
 * <p><b>Who may start one.</b> Any thread, also a virtual one, of any process but a daemon child, whose children would
 * be left without anyone to wait for them when it is terminated. A class initialiser of a child's may not start
 * children: the child of that child would initialise the same class, and so on without end.
 *
 * <p>All methods may be called from any thread. Signals go to the child alone, not to children of its own, which die
 * with it.
 *
 * <p>Memory consistency effects: what a thread did before it called {@code start} happens-before what the child does,
 * and what the child did before it ended happens-before a successful return from {@link #join()}, as far as both see
 * the same shared memory.
 */
public final class ChildProcess implements Waitable, AutoCloseable {

    private final String name;
    private final boolean daemon;
    private final ChildJvm jvm;
    private final PipedStreams streams;
    private volatile boolean closed;

    ChildProcess(String name, boolean daemon, ChildJvm jvm, PipedStreams streams) {
        this.name = name;
        this.daemon = daemon;
        this.jvm = jvm;
        this.streams = streams;
    }

    /**
     * Starts a child with all settings at their defaults.
     *
     * @param task what it does
     * @return the child, which is running or about to
     * @throws TaskNotSerializableException if the task captures what cannot travel; nothing has been started then
     * @throws IllegalStateException        if this process may not start children (see above)
     * @throws dev.kindred.SystemCallException if the system does not let it start, for example because a limit is
     *                                         reached
     * @throws dev.kindred.UnsupportedPlatformException if no child can be started from this kind of JVM or application
     */
    public static ChildProcess start(ChildTask task) {
        return builder().start(task);
    }

    /**
     * Starts a child with a name.
     *
     * @param name what it is called in its {@link #name()} and in front of traces
     * @param task what it does
     * @return the child, which is running or about to
     * @throws RuntimeException as {@link #start(ChildTask)} does
     */
    public static ChildProcess start(String name, ChildTask task) {
        return builder().name(name).start(task);
    }

    /**
     * Starts a child that gets an argument.
     *
     * @param <A>      the argument's type
     * @param task     what it does
     * @param argument what it gets: the same object if it is a shared one, else a copy
     * @return the child, which is running or about to
     * @throws RuntimeException as {@link #start(ChildTask)} does
     */
    public static <A extends @Nullable Object> ChildProcess start(ChildConsumer<A> task, A argument) {
        return builder().start(task, argument);
    }

    /**
     * Starts a child that gets two arguments.
     *
     * @param <A>    the first argument's type
     * @param <B>    the second argument's type
     * @param task   what it does
     * @param first  what it gets: the same object if it is a shared one, else a copy
     * @param second what it gets: the same object if it is a shared one, else a copy
     * @return the child, which is running or about to
     * @throws RuntimeException as {@link #start(ChildTask)} does
     */
    public static <A extends @Nullable Object, B extends @Nullable Object> ChildProcess start(
            ChildBiConsumer<A, B> task, A first, B second) {
        return builder().start(task, first, second);
    }

    /** {@return a builder with all settings at their defaults} */
    public static ChildProcessBuilder builder() {
        return new ChildProcessBuilder();
    }

    /** {@return the children of this process that are running now, in the order in which they were started} */
    public static List<ChildProcess> active() {
        return ChildTable.INSTANCE.running();
    }

    /** {@return this process} */
    public static CurrentProcess current() {
        return Identity.current().describe();
    }

    /** {@return the process that started this one; empty if no Kindred process did} */
    public static Optional<ParentProcess> parent() {
        return Identity.current().parent();
    }

    /**
     * {@return the name it was given, or {@code ChildProcess-} and its place in the family: {@code ChildProcess-1:2} is
     * the second child of the first child of the root}
     *
     * @throws IllegalStateException if this object is closed
     */
    public String name() {
        checkOpen();
        return name;
    }

    /**
     * {@return the child's process number}
     *
     * @throws IllegalStateException if this object is closed
     */
    public long pid() {
        checkOpen();
        return jvm.pid();
    }

    /**
     * {@return whether it ends with this process and may not have children}
     *
     * @throws IllegalStateException if this object is closed
     */
    public boolean isDaemon() {
        checkOpen();
        return daemon;
    }

    /**
     * {@return whether the child is still running}
     *
     * @throws IllegalStateException if this object is closed
     */
    public boolean isAlive() {
        checkOpen();
        return !jvm.hasEnded();
    }

    /**
     * Tells how the child ended.
     *
     * @return empty while it is running; 0 if its task returned, 1 if it threw, {@code n} after {@code System.exit(n)}
     *         (its low eight bits, as the kernel keeps no more), {@code -n} if signal {@code n} ended it: -15 after
     *         {@link #terminate()}, also though HotSpot ends with 143 then, and -9 after {@link #kill()}
     * @throws IllegalStateException if this object is closed
     */
    public OptionalInt exitCode() {
        checkOpen();
        return jvm.hasEnded() ? OptionalInt.of(jvm.exitCode()) : OptionalInt.empty();
    }

    /**
     * Waits until the child has ended, however it ended.
     *
     * @throws InterruptedException  if the calling thread is interrupted before or while it waits; its interrupt state
     *                               is cleared, and the child goes on
     * @throws IllegalStateException if this object is closed
     */
    public void join() throws InterruptedException {
        checkOpen();
        jvm.awaitEnd();
    }

    /**
     * Waits until the child has ended or the time is up.
     *
     * @param timeout how long to wait at most; zero or less only looks
     * @return whether the child has ended
     * @throws InterruptedException  if the calling thread is interrupted before or while it waits; its interrupt state
     *                               is cleared, and the child goes on
     * @throws IllegalStateException if this object is closed
     */
    public boolean join(Duration timeout) throws InterruptedException {
        checkOpen();
        return jvm.awaitEnd(Durations.toNanoseconds(timeout));
    }

    /**
     * Asks the child to end (SIGTERM): it runs its shutdown hooks, then ends. Does nothing if it has ended.
     *
     * @throws IllegalStateException if this object is closed
     */
    public void terminate() {
        signal(Signal.TERMINATE);
    }

    /**
     * Ends the child at once (SIGKILL). Does nothing if it has ended.
     *
     * @throws IllegalStateException if this object is closed
     */
    public void kill() {
        signal(Signal.KILL);
    }

    /**
     * Does what Ctrl-C does (SIGINT): the child runs its shutdown hooks, then ends. Does nothing if it has ended.
     *
     * @throws IllegalStateException if this object is closed
     */
    public void interrupt() {
        signal(Signal.INTERRUPT);
    }

    private void signal(int number) {
        checkOpen();
        jvm.signal(number);
    }

    /**
     * {@return a future that completes, with this object, when the child has ended} It completes on a thread of the
     * common pool, so that what depends on it may take its time. Cancelling or completing it has no effect on the child
     * or on other futures.
     *
     * @throws IllegalStateException if this object is closed
     */
    public CompletableFuture<ChildProcess> onExit() {
        checkOpen();
        return jvm.end().thenApplyAsync(end -> this);
    }

    /** {@return whether the child has ended} */
    @Override
    public boolean isReady() {
        return !isAlive();
    }

    @SuppressWarnings("exports")
    @Override
    public void collect(WaitCollector collector) {
        collector.addDescriptor(sentinel(), Descriptors.POLLIN);
    }

    /**
     * {@return the number of a descriptor that polls as readable from the child's end on} For code that waits for
     * descriptors (epoll, poll, C). It belongs to this object: do not close it.
     *
     * @throws IllegalStateException if this object is closed
     */
    public int sentinel() {
        checkOpen();
        return jvm.pidfd();
    }

    /**
     * {@return the stream that writes into the child's standard input}
     *
     * @throws IllegalStateException if the child was not started with {@code stdin(Redirect.PIPE)}, or if this object
     *                               is closed
     */
    public OutputStream stdin() {
        checkOpen();
        return streams.stdin();
    }

    /**
     * {@return the stream that reads what the child writes to its standard output}
     *
     * @throws IllegalStateException if the child was not started with {@code stdout(Redirect.PIPE)}, or if this object
     *                               is closed
     */
    public InputStream stdout() {
        checkOpen();
        return streams.stdout();
    }

    /**
     * {@return the stream that reads what the child writes to its standard error}
     *
     * @throws IllegalStateException if the child was not started with {@code stderr(Redirect.PIPE)}, or if this object
     *                               is closed
     */
    public InputStream stderr() {
        checkOpen();
        return streams.stderr();
    }

    /**
     * Gives back what this object holds of the system: a descriptor and the streams of the child's pipes. Afterwards
     * all methods but this one, {@code toString}, {@code equals} and {@code hashCode} throw. Closing again does
     * nothing. An object that is never closed gives all back when it becomes unreachable after the child's end.
     *
     * @throws IllegalStateException if the child is still running: closing would neither end it nor wait for it, so
     *                               decide first
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!jvm.hasEnded()) {
            throw new IllegalStateException(
                    "child process '" + name + "' (pid " + jvm.pid()
                    + ") is still running: join(), terminate() or kill() it first");
        }
        closed = true;
        streams.close();
        jvm.close();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the object of child process '" + name + "' is closed");
        }
    }

    /** {@return its name, pid and state, for example {@code ChildProcess[name=worker, pid=71, exitCode=-9]}} */
    @Override
    public String toString() {
        String state = closed ? "closed" : jvm.hasEnded() ? "exitCode=" + jvm.exitCode() : "running";
        return "ChildProcess[name=" + name + ", pid=" + jvm.pid() + ", " + state + (daemon ? ", daemon" : "") + "]";
    }
}
