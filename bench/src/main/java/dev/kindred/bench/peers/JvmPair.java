// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.kindred.bench.Course;
import dev.kindred.bench.Pinning;
import dev.kindred.bench.Round;
import dev.kindred.bench.Task;

/**
 * Two JVMs that play rounds together. This one is process 0; the other has the same options and runs on the core of process 1 from its first
 * instruction. It ends when this one does, however that ends, and deletes the folder that they share.
 *
 * @param <P> what a process does
 */
abstract class JvmPair<P extends Course.Part> implements Task {

    private final SharedFolder folder;
    private final Course course;
    private final P part;
    private long rounds;

    /**
     * Makes the part of this process and starts the other.
     *
     * @param type of the part, whose constructor takes the folder and the number of the process; process 0 makes its part before there is a process 1
     */
    JvmPair(Class<P> type) throws Exception {
        folder = SharedFolder.make();
        course = folder.course();
        part = make(type, folder, 0);
        Process other = new ProcessBuilder(command(type)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(other)));
    }

    private static <P extends Course.Part> P make(Class<P> type, SharedFolder folder, int process) throws ReflectiveOperationException {
        return type.getDeclaredConstructor(SharedFolder.class, int.class).newInstance(folder, process);
    }

    private List<String> command(Class<P> type) {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(Pinning.core(1))));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Other.class.getName(), type.getName(), folder.path().toString()));
        return command;
    }

    private static void end(Process other) {
        try {
            // The end of its input.
            other.getOutputStream().close();
            int _ = other.waitFor();
        } catch (IOException | InterruptedException e) {
            other.destroyForcibly();
        }
    }

    /** {@return what this process does} */
    final P part() {
        return part;
    }

    /** Plays a round. {@return how many nanoseconds it took} */
    final double playTogether() throws Exception {
        return course.play(rounds++, 1, part);
    }

    @Override
    public Round play() throws Exception {
        return round(playTogether());
    }

    /** {@return what a round found that took so many nanoseconds} */
    abstract Round round(double nanoseconds);

    /** The main class of process 1. */
    static final class Other {

        private Other() {}

        /**
         * Plays rounds until its standard input ends.
         *
         * @param arguments the class of its part, and the folder
         * @throws Exception if the part cannot be made or played
         */
        public static void main(String[] arguments) throws Exception {
            SharedFolder folder = new SharedFolder(Path.of(arguments[1]));
            Thread.ofPlatform().daemon().start(() -> endWithInput(folder));
            folder.course().follow(make(Class.forName(arguments[0]).asSubclass(Course.Part.class), folder, 1));
        }

        private static void endWithInput(SharedFolder folder) {
            try {
                byte[] _ = System.in.readAllBytes();
                folder.delete();
                Runtime.getRuntime().halt(0);
            } catch (IOException e) {
                System.err.println("cannot delete " + folder.path() + ": " + e);
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
