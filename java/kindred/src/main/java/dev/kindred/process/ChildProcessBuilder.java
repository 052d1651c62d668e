// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a child process, and the methods that start one with them. Got from {@link ChildProcess#builder()}.
 *
 * {@snippet :
 * ChildProcess child = ChildProcess.builder()
 *         .name("indexer")
 *         .maxHeap(64L << 20)
 *         .stdout(ProcessBuilder.Redirect.appendTo(new File("indexer.log")))
 *         .start(() -> System.out.println("hello from " + ChildProcess.current().name()));
 * }
 *
 * <p>A builder can start any number of children. It is not safe for use by several threads at once.
 */
public final class ChildProcessBuilder {

    private static final long SMALLEST_HEAP = 2L << 20;

    private @Nullable String name;
    private boolean daemon;
    private boolean outliveParent;
    private StartMethod method = StartMethod.SPARE;
    private final EnvironmentChanges environment = new EnvironmentChanges();
    private @Nullable Path directory;
    private final List<String> jvmOptions = new ArrayList<>();
    private long maxHeap;
    private Redirect stdin = Redirect.from(new File("/dev/null"));
    private Redirect stdout = Redirect.INHERIT;
    private Redirect stderr = Redirect.INHERIT;

    ChildProcessBuilder() {}

    /**
     * Names the child. The default is its place in the family, such as {@code ChildProcess-1:2}.
     *
     * @param name any text that is not blank
     * @return this builder
     * @throws IllegalArgumentException if the name is blank
     */
    public ChildProcessBuilder name(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a child process is blank: '" + name + "'");
        }
        this.name = name;
        return this;
    }

    /**
     * Makes the child a daemon: it does not keep this process alive, it ends with it, and it may not have children. The
     * default is false.
     *
     * @param daemon whether it is one
     * @return this builder
     */
    public ChildProcessBuilder daemon(boolean daemon) {
        this.daemon = daemon;
        return this;
    }

    /**
     * Lets the child live on when this process ends, in whatever way; it then keeps this process alive no more than a
     * daemon does. Such a child always starts cold, because a spare dies with the process that keeps it. The default is
     * false.
     *
     * @param outliveParent whether it may
     * @return this builder
     */
    public ChildProcessBuilder outliveParent(boolean outliveParent) {
        this.outliveParent = outliveParent;
        return this;
    }

    /**
     * Says where the child's JVM comes from. The default is {@link StartMethod#SPARE}.
     *
     * @param method where from
     * @return this builder
     */
    public ChildProcessBuilder method(StartMethod method) {
        this.method = Objects.requireNonNull(method, "method");
        return this;
    }

    /**
     * Sets a variable of the child's environment. All others are as in this process.
     *
     * @param variable its name: not empty, without {@code =} and NUL
     * @param value    its value, without NUL; null to take the variable away
     * @return this builder
     * @throws IllegalArgumentException if the name or the value is none
     */
    public ChildProcessBuilder environment(String variable, @Nullable String value) {
        environment.set(variable, value);
        return this;
    }

    /**
     * Gives the child exactly these variables and none of this process's.
     *
     * @param variables the environment; copied
     * @return this builder
     * @throws IllegalArgumentException if a name or a value is none
     */
    public ChildProcessBuilder environment(Map<String, String> variables) {
        environment.replaceAll(variables);
        return this;
    }

    /**
     * Sets the child's working folder. The default is this process's.
     *
     * @param directory a folder; a relative path is resolved against this process's folder when the child is started
     * @return this builder
     */
    public ChildProcessBuilder directory(Path directory) {
        this.directory = Objects.requireNonNull(directory, "directory");
        return this;
    }

    /**
     * Limits the child's heap. The default is this process's own setting, if it was started with one. What this
     * process's options say about the heap's size does not reach such a child.
     *
     * @param bytes how large it may grow, at least 2 MiB; the JVM rounds it up to what it can manage
     * @return this builder
     * @throws IllegalArgumentException if it is less than 2 MiB
     */
    public ChildProcessBuilder maxHeap(long bytes) {
        if (bytes < SMALLEST_HEAP) {
            throw new IllegalArgumentException("maxHeap=" + bytes + " bytes, but a JVM needs at least "
                    + SMALLEST_HEAP);
        }
        this.maxHeap = bytes;
        return this;
    }

    /**
     * Adds options for the child's JVM, such as {@code -Xss2m} or {@code -Dkey=value}. They come after those that the
     * child inherits, so that they win.
     *
     * <p>A child inherits the options this JVM was started with, also those from {@code JDK_JAVA_OPTIONS} and {@code
     * JAVA_TOOL_OPTIONS}, but for those that two processes cannot share: debuggers and agents, management ports, flight
     * recordings, dumps of archives and caches, and files for logs, heap dumps and crash reports. System properties
     * that were set while this JVM ran are not inherited. A JVM whose options do not choose a garbage collector gets
     * {@code -XX:+UseSerialGC}: children are many, and each would start as many collector threads as there are
     * processors. Where neither says otherwise, a child also has {@code -XX:-UsePerfData}, so that tools such as jps do
     * not list it, and {@code -XX:Tier3InvocationThreshold=1000}, because compiling what a start calls a few times takes
     * longer than calling it.
     *
     * <p>With an AOT cache a child without a spare starts in little more than half the time. A child that does what the
     * others do makes one at its end, if it is started with {@link StartMethod#SPAWN} and {@code
     * -XX:AOTCacheOutput=FILE}; it tells of it on its standard output. The others are started with {@code
     * -XX:AOTCache=FILE}, or inherit it from this JVM. The JVM itself checks that a cache is of its own kind and class
     * path, and does without one that is not.
     *
     * @param options options as the {@code java} command takes them, one word each ({@code
     *                --add-opens=m/p=ALL-UNNAMED}, not two words)
     * @return this builder
     * @throws IllegalArgumentException if one does not begin with {@code -}
     */
    public ChildProcessBuilder jvmOptions(String... options) {
        for (String option : options) {
            if (!option.startsWith("-") || option.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("'" + option
                        + "' is no option of a JVM: each begins with '-' and is one word");
            }
            jvmOptions.add(option);
        }
        return this;
    }

    /**
     * Says what the child reads as its standard input. The default is {@code /dev/null}, which is empty.
     *
     * @param source {@link Redirect#INHERIT}, {@link Redirect#PIPE} (see {@link ChildProcess#stdin()}), or a file to
     *               read from
     * @return this builder
     * @throws IllegalArgumentException if it is a redirection for output
     */
    public ChildProcessBuilder stdin(Redirect source) {
        if (source.type() == Redirect.Type.WRITE || source.type() == Redirect.Type.APPEND) {
            throw new IllegalArgumentException("standard input cannot be redirected with '" + source
                    + "', which is for output");
        }
        this.stdin = source;
        return this;
    }

    /**
     * Says where the child's standard output goes. The default is {@link Redirect#INHERIT}: where this process's goes,
     * or nowhere if that is closed.
     *
     * @param target {@link Redirect#INHERIT}, {@link Redirect#DISCARD}, {@link Redirect#PIPE} (see {@link
     *               ChildProcess#stdout()}), or a file to write ({@link Redirect#to}) or append to ({@link
     *               Redirect#appendTo})
     * @return this builder
     * @throws IllegalArgumentException if it is a redirection for input
     */
    public ChildProcessBuilder stdout(Redirect target) {
        this.stdout = checkOutput(target, "output");
        return this;
    }

    /**
     * Says where the child's standard error goes. The default is {@link Redirect#INHERIT}: where this process's goes,
     * or nowhere if that is closed.
     *
     * @param target as for {@link #stdout(Redirect)}
     * @return this builder
     * @throws IllegalArgumentException if it is a redirection for input
     */
    public ChildProcessBuilder stderr(Redirect target) {
        this.stderr = checkOutput(target, "error");
        return this;
    }

    private static Redirect checkOutput(Redirect target, String stream) {
        if (target.type() == Redirect.Type.READ) {
            throw new IllegalArgumentException("standard " + stream + " cannot be redirected with '" + target
                    + "', which is for input");
        }
        return target;
    }

    /**
     * Starts a child with these settings.
     *
     * @param task what it does
     * @return the child, which is running or about to
     * @throws TaskNotSerializableException if the task captures what cannot travel; nothing has been started then
     * @throws IllegalStateException        if this process may not start children: it is a daemon, or a class
     *                                      initialiser of a child's asks
     * @throws java.io.UncheckedIOException if a file to redirect to or from cannot be opened
     * @throws dev.kindred.SystemCallException if the system does not let it start, for example because a limit is
     *                                         reached
     * @throws dev.kindred.UnsupportedPlatformException if no child can be started from this kind of JVM or application
     */
    public ChildProcess start(ChildTask task) {
        return ChildStart.start(settings(), Objects.requireNonNull(task, "task"));
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
    public <A extends @Nullable Object> ChildProcess start(ChildConsumer<A> task, A argument) {
        return start(new TaskWithArgument<>(Objects.requireNonNull(task, "task"), argument));
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
    public <A extends @Nullable Object, B extends @Nullable Object> ChildProcess start(
            ChildBiConsumer<A, B> task, A first, B second) {
        return start(new TaskWithArguments<>(Objects.requireNonNull(task, "task"), first, second));
    }

    /**
     * Starts a child that runs the {@code main} method of a class. What is shared reaches such a child only by name.
     *
     * @param mainClass a class with a method {@code static void main(String[])} or {@code static void main()}
     * @param arguments what it gets
     * @return the child, which is running or about to
     * @throws IllegalArgumentException if the class has no such method, or one that its module does not let others
     *                                  reach
     * @throws RuntimeException as {@link #start(ChildTask)} does
     */
    public ChildProcess startMain(Class<?> mainClass, String... arguments) {
        return start(MainTask.of(mainClass, arguments));
    }

    /**
     * Starts spares for children with these settings, so that the next ones start faster. Does not wait until they are
     * ready; name, daemon and standard streams make no difference between spares.
     *
     * @param count how many spares there shall be at least, 0 to {@value Spares#LIMIT}
     * @throws IllegalArgumentException if {@code count} is out of bounds
     * @throws IllegalStateException    if these settings ask for a child that {@linkplain #outliveParent(boolean)
     *                                  outlives} this process or for {@link StartMethod#SPAWN}, or if this process may
     *                                  not start children
     * @throws dev.kindred.UnsupportedPlatformException if no child can be started from this kind of JVM or application
     */
    public void prepareSpares(int count) {
        ChildStart.prepareSpares(settings(), count);
    }

    private ChildSettings settings() {
        JvmLaunch launch = ThisJvm.instance().launch(environment.applied(), directory, maxHeap,
                List.copyOf(jvmOptions), outliveParent);
        return new ChildSettings(name, daemon, method, launch, stdin, stdout, stderr);
    }
}
