// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where and how the processes run: the two cores, the JVM, the C compiler, Python.
 *
 * <p>Process i of ours runs on {@link #core core(i)}, and so does process i of the peer.
 */
final class Machine {

    private static final List<String> COMPILER_OPTIONS = List.of("-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread");

    private final Path peers;
    private final Path work;
    private final String classPath;
    private final List<Integer> cores;

    /**
     * Looks at the machine.
     *
     * @param peers the folder of the peers' sources
     * @param work  a folder for what they are compiled to
     * @param jar   this module: an AOT cache takes jars only, no folder of classes
     * @throws IOException if /proc or /sys cannot be read or {@code work} cannot be made
     */
    Machine(Path peers, Path work, Path jar) throws IOException {
        this.peers = peers;
        this.work = Files.createDirectories(work);
        this.classPath = Stream.concat(Stream.of(jar.toString()),
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).filter(entry -> entry.endsWith(".jar")))
                .collect(Collectors.joining(File.pathSeparator));
        this.cores = cores();
    }

    /** Two of the cores this process may use, the second no sibling (hyper-thread) of the first if there is a choice. */
    private static List<Integer> cores() throws IOException {
        String allowed = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow();
        List<Integer> all = parse(allowed.substring(allowed.indexOf(':') + 1));
        if (all.size() < 2) {
            throw new IOException("two cores are needed, this process may use only core " + all.getFirst());
        }
        int first = all.getFirst();
        Path siblings = Path.of("/sys/devices/system/cpu/cpu" + first + "/topology/thread_siblings_list");
        List<Integer> together = Files.isReadable(siblings) ? parse(Files.readString(siblings)) : List.of(first);
        int second = all.stream().filter(core -> !together.contains(core)).findFirst().orElse(all.get(1));
        return List.of(first, second);
    }

    /** Reads a list as the kernel writes them, such as 0-3,8. */
    private static List<Integer> parse(String list) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : list.strip().split(",")) {
            String[] ends = part.split("-");
            for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    /** {@return the core of process {@code process}, 0 or 1, of whoever plays} */
    int core(int process) {
        return cores.get(process);
    }

    /**
     * {@return the command of a JVM that plays a task} It runs on the core of process 0 from its first instruction, yet knows how many cores the
     * machine has, as it would if nobody had pinned it.
     *
     * @param options of the JVM that only this task needs
     */
    List<String> java(Class<? extends Task> task, String... options) {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core(0))));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options());
        command.addAll(List.of(options));
        command.addAll(List.of("-Dbench.cores=" + core(0) + "," + core(1), "-Dbench.work=" + work.toAbsolutePath(),
                "-cp", classPath, Worker.class.getName(), task.getName()));
        return command;
    }

    /** {@return the options of every JVM that is measured} */
    static List<String> options() {
        return List.of("-XX:ActiveProcessorCount=" + Runtime.getRuntime().availableProcessors(), "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }

    /**
     * {@return the command of a peer in C, compiled if it was not yet in this run}
     *
     * @param name      of the source, without .c
     * @param arguments of the program
     */
    List<String> c(String name, Object... arguments) throws MissingPeerException, IOException {
        Path source = peers.resolve("c").resolve(name + ".c");
        Path program = work.resolve(name);
        String compiler = System.getenv().getOrDefault("CC", "cc");
        List<String> compile = new ArrayList<>(List.of(compiler));
        compile.addAll(COMPILER_OPTIONS);
        compile.addAll(List.of("-o", program.toString(), source.toString()));
        run(compile, "no C compiler: install gcc (Debian: apt-get install gcc libc6-dev) or set CC");
        return command(program.toString(), arguments);
    }

    /** {@return the command of a peer in Python} */
    List<String> python(String name, Object... arguments) throws MissingPeerException, IOException {
        pythonVersion();
        // -B: no __pycache__ among the sources.
        List<String> command = new ArrayList<>(List.of("python3", "-B"));
        command.addAll(command(peers.resolve("python").resolve(name + ".py").toString(), arguments));
        return command;
    }

    /** {@return what python3 says its version is} */
    String pythonVersion() throws MissingPeerException, IOException {
        return run(List.of("python3", "--version"), "no python3: install it (Debian: apt-get install python3)").strip();
    }

    private static List<String> command(String program, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** Runs a command to its end and returns what it printed. */
    private static String run(List<String> command, String whenMissing) throws MissingPeerException, IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new MissingPeerException(whenMissing + " (" + e.getMessage() + ")");
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed with exit code " + process.exitValue() + ":\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for: " + String.join(" ", command), e);
        }
        return output;
    }
}
