// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.UnsupportedPlatformException;
import dev.kindred.internal.os.NativeLibrary;
import dev.kindred.internal.os.Processes;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a child's JVM must have in common with this one: the {@code java} command, the options, the class path and the
 * modules.
 */
final class ThisJvm {

    /**
     * Before all others, so that any of them can say otherwise. No file for tools like jps, and the JDK's class archive
     * at the address it was made for: moved elsewhere it costs 10 MB of memory a process and the time to write them,
     * against the little that a guess at the address of classes, of all things, is worth to an attacker who is in the
     * process already. And a method without loops is compiled after 1000 calls, not 200: compiling what a start calls a
     * few hundred times takes a seventh of its processor time, and what is called more often is hardly compiled later.
     */
    private static final List<String> DEFAULTS = List.of(
            "-XX:-UsePerfData", "-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0",
            "-XX:Tier3InvocationThreshold=1000");

    private static final String DEFAULT_COLLECTOR = "-XX:+UseSerialGC";

    /** Not that of a holder class: what makes a start impossible is to be the same exception at every start. */
    private static @Nullable ThisJvm instance;

    private final String java = javaCommand();
    private final List<String> inherited = InheritedOptions.of(Processes.virtualMachineOptions());
    private final List<String> paths = paths();
    private final String library = "-Dkindred.library=" + NativeLibrary.path();

    private ThisJvm() {}

    static synchronized ThisJvm instance() {
        NativeLibrary.require();
        ThisJvm known = instance;
        if (known == null) {
            known = new ThisJvm();
            instance = known;
        }
        return known;
    }

    /** {@return how to start a child's JVM} {@code maxHeap} is 0 for no limit of its own. */
    JvmLaunch launch(
            Map<String, String> environment, @Nullable Path directory, long maxHeap, List<String> options,
            boolean outliveParent) {
        List<String> command = new ArrayList<>();
        command.add(java);
        command.addAll(DEFAULTS);
        command.addAll(inheritedOptions(maxHeap, options));
        command.addAll(options);
        command.add(library);
        command.addAll(paths);
        Path absolute = directory == null ? null : directory.toAbsolutePath();
        return new JvmLaunch(List.copyOf(command), environment, absolute, outliveParent);
    }

    private List<String> inheritedOptions(long maxHeap, List<String> added) {
        List<String> options = new ArrayList<>(maxHeap == 0 ? inherited : InheritedOptions.withoutHeapSizes(inherited));
        if (added.stream().anyMatch(InheritedOptions::choosesCollector)) {
            options = new ArrayList<>(InheritedOptions.withoutCollector(options));
        } else if (options.stream().noneMatch(InheritedOptions::choosesCollector)) {
            options.add(DEFAULT_COLLECTOR);
        }
        if (maxHeap != 0) {
            options.add("-Xmx" + maxHeap);
        }
        return options;
    }

    private static String javaCommand() {
        Path command = Path.of(System.getProperty("java.home"), "bin", "java");
        if (!Files.isExecutable(command)) {
            throw new UnsupportedPlatformException("no child can be started, because " + command
                    + " cannot be run: this run-time image was "
                    + "made without the java command (jlink and jpackage: leave out --strip-native-commands)");
        }
        return command.toString();
    }

    /** The class path, the module path and the main class. */
    private static List<String> paths() {
        checkLoader();
        Module kindred = ChildMain.class.getModule();
        String classPath = absolute(System.getProperty("java.class.path", ""));
        List<String> options = new ArrayList<>();
        if (!classPath.isEmpty()) {
            options.add("--class-path=" + classPath);
        }
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath != null) {
            options.add("--module-path=" + absolute(modulePath));
        }
        String roots = rootModules(kindred, !classPath.isEmpty());
        if (!roots.isEmpty()) {
            options.add("--add-modules=" + roots);
        }
        String nativeAccess = kindred.isNamed() ? kindred.getName() : "ALL-UNNAMED";
        options.add("--enable-native-access=" + nativeAccess);
        if (kindred.isNamed()) {
            options.add("--module=" + kindred.getName() + "/" + ChildMain.class.getName());
        } else {
            options.add(ChildMain.class.getName());
        }
        return options;
    }

    /** A launcher that reads jars out of jars loads classes with a loader of its own, which a child would not have. */
    private static void checkLoader() {
        ClassLoader loader = ChildMain.class.getClassLoader();
        if (!ClassLoader.getSystemClassLoader().equals(loader)) {
            throw new UnsupportedPlatformException("no child can be started, because Kindred was loaded by " + loader
                    + " and not from the class path or module path, so that a child would not find it: unpack the "
                    + "application "
                    + "(Spring Boot: java -Djarmode=tools -jar APPLICATION.jar extract) and start it from there");
        }
    }

    /** The modules that would not be there because something requires them. */
    private static String rootModules(Module kindred, boolean hasClassPath) {
        List<String> roots = new ArrayList<>();
        String main = System.getProperty("jdk.module.main");
        if (main != null && !main.equals(kindred.getName())) {
            roots.add(main);
        }
        if (kindred.isNamed() && hasClassPath) {
            roots.add("ALL-DEFAULT");
        }
        return String.join(",", roots);
    }

    /** {@return the same path for any working folder; an empty entry of a class path means this process's folder} */
    private static String absolute(String path) {
        if (path.isEmpty()) {
            return path;
        }
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
