// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Serial;
import java.io.Serializable;
import java.io.StringWriter;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.kindred.Space;
import dev.kindred.tests.support.TestJvm;

/**
 * Processes that are no relatives of this one, and the objects of a named space by which they meet it. They are given the same tasks as
 * threads and children are: where a task captures such an object, the process opens it by its name.
 */
public final class Strangers implements AutoCloseable {

    private static final int AT_A_TIME = 5;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static Strangers shared;

    private final String name = "strangers-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    private final Space space = Space.open(name);
    private final Map<Object, Reference> references = new IdentityHashMap<>();
    private final List<TestJvm> all = new ArrayList<>();
    private final List<TestJvm> idle = new ArrayList<>();

    /** How an object is opened. */
    @FunctionalInterface
    public interface Opener<T> extends Serializable {

        /**
         * Opens it.
         *
         * @param in    where
         * @param other another object that it belongs to, opened before
         */
        T open(Space in, Object other);
    }

    /** What travels instead of an object. */
    private record Reference(Opener<?> opener, Object other) implements Serializable {

        @Serial
        private Object readResolve() {
            return opener.open(Program.space, other);
        }
    }

    /** Starts as many as the tests of a class need at a time; they outlive each of them. */
    public static void startShared() {
        shared = new Strangers();
        shared.start(AT_A_TIME);
    }

    public static void endShared() {
        shared.close();
        shared = null;
    }

    public static Strangers shared() {
        return shared;
    }

    Space space() {
        return space;
    }

    public static String newName() {
        return "object-" + COUNT.incrementAndGet();
    }

    /** {@return an object that the strangers open in the same way} */
    public <T> T share(Opener<T> opener) {
        return share(opener, "none");
    }

    /**
     * {@return an object that the strangers open in the same way}
     *
     * @param other an object that it belongs to, shared before
     */
    <T> T share(Opener<T> opener, Object other) {
        T object = opener.open(space, other);
        references.put(object, new Reference(opener, references.containsKey(other) ? references.get(other) : other));
        return object;
    }

    /** Starts some that have no task yet. */
    void start(int count) {
        for (int i = 0; i < count; i++) {
            idle.add(start(List.of()));
        }
    }

    /** Gives a task to each of several strangers that have none, and ends when all have ended well. */
    void run(int count, Actors.Task task) throws IOException {
        List<TestJvm> actors = new ArrayList<>();
        for (int actor = 0; actor < count; actor++) {
            actors.add(idle.removeLast());
        }
        for (int actor = 0; actor < count; actor++) {
            begin(actors.get(actor), actor, task);
        }
        for (TestJvm actor : actors) {
            assertEquals(Program.DONE, actor.nextLine());
        }
        idle.addAll(actors);
    }

    /** Starts a stranger with a task, which it may be killed at. */
    TestJvm start(List<String> options, Actors.Task task) throws IOException {
        TestJvm stranger = start(options);
        begin(stranger, 0, task);
        return stranger;
    }

    private TestJvm start(List<String> options) {
        TestJvm stranger = TestJvm.start(options, Map.of(), Program.class, name);
        all.add(stranger);
        return stranger;
    }

    private void begin(TestJvm stranger, int actor, Actors.Task task) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TaskStream stream = new TaskStream(bytes)) {
            stream.writeObject(task);
        }
        stranger.send(actor + " " + Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }

    @Override
    public void close() {
        all.forEach(TestJvm::close);
        space.close();
    }

    /** Puts references in the place of what a lambda has captured. */
    private final class TaskStream extends ObjectOutputStream {

        TaskStream(OutputStream to) throws IOException {
            super(to);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) throws IOException {
            return object instanceof SerializedLambda lambda ? withReferences(lambda) : object;
        }

        private SerializedLambda withReferences(SerializedLambda lambda) throws IOException {
            Object[] captured = new Object[lambda.getCapturedArgCount()];
            Arrays.setAll(captured, lambda::getCapturedArg);
            if (Arrays.stream(captured).noneMatch(references::containsKey)) {
                return lambda;
            }
            Arrays.setAll(captured, i -> references.containsKey(captured[i]) ? references.get(captured[i]) : captured[i]);
            try {
                return new SerializedLambda(Class.forName(lambda.getCapturingClass().replace('/', '.')), lambda.getFunctionalInterfaceClass(),
                        lambda.getFunctionalInterfaceMethodName(), lambda.getFunctionalInterfaceMethodSignature(), lambda.getImplMethodKind(),
                        lambda.getImplClass(), lambda.getImplMethodName(), lambda.getImplMethodSignature(), lambda.getInstantiatedMethodType(),
                        captured);
            } catch (ClassNotFoundException impossible) {
                throw new IOException(impossible);
            }
        }
    }

    /** What a stranger does: one task a line, with the space open meanwhile. */
    static final class Program {

        private static final String DONE = "done";

        private static Space space;

        private Program() {}

        public static void main(String[] arguments) {
            while (true) {
                String[] line = TestJvm.hear().split(" ");
                TestJvm.say(perform(arguments[0], Integer.parseInt(line[0]), Base64.getDecoder().decode(line[1])));
            }
        }

        private static String perform(String name, int actor, byte[] task) {
            try (Space opened = Space.open(name)) {
                space = opened;
                ((Actors.Task) new ObjectInputStream(new ByteArrayInputStream(task)).readObject()).run(actor);
                return DONE;
            } catch (Exception | AssertionError e) {
                StringWriter text = new StringWriter();
                e.printStackTrace(new PrintWriter(text));
                return "actor " + actor + ": " + text.toString().replace("\n", " | ");
            }
        }
    }
}
