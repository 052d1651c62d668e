// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kindred.process.ChildProcess;
import dev.kindred.tests.support.Delays;
import dev.kindred.tests.support.Limit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which a program can be launched: a child of each finds what its parent finds, or the parent says by name why it cannot. */
final class LaunchTest {

    /** Prints what a child made of a number, and in which module and folder it ran; or why there was no child. */
    private static final String PROGRAM = """
            package program;

            import dev.kindred.UnsupportedPlatformException;
            import dev.kindred.memory.Value;
            import dev.kindred.process.ChildProcess;
            import java.nio.file.Path;

            public final class Main {
                public static void main(String[] arguments) throws Exception {
                    Value number = Value.ofInt(1);
                    try (ChildProcess child = ChildProcess.builder().maxHeap(32 << 20).directory(Path.of("/")).start(() -> {
                        number.setInt(2);
                        System.out.println("child in " + Main.class.getModule() + " at " + Path.of("").toAbsolutePath());
                    })) {
                        child.join();
                        System.out.println("exit code " + child.exitCode().getAsInt() + ", number " + number.getInt());
                    } catch (UnsupportedPlatformException refusal) {
                        System.out.println("refused: " + refusal.getMessage());
                    }
                    try (ChildProcess child = ChildProcess.builder().startMain(Other.class, "argument")) {
                        child.join();
                    } catch (UnsupportedPlatformException refusal) {
                        System.out.println("refused again");
                    }
                }

                public static final class Other {
                    public static void main(String[] arguments) {
                        System.out.println("other main with " + arguments[0]);
                    }
                }
            }
            """;

    /** A main class of a module is called by Kindred, which has to see it. */
    private static final String MODULE = "module program { requires dev.kindred; exports program to dev.kindred; }";

    @TempDir
    static Path folder;

    private static Path kindred = Path.of("");
    private static Path classes = Path.of("");
    private static Path module = Path.of("");

    @BeforeAll
    static void compile() throws Exception {
        kindred = Path.of(ChildProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        classes = folder.resolve("classes");
        module = folder.resolve("module");
        Path source = Files.createDirectories(folder.resolve("source/program")).resolve("Main.java");
        Files.writeString(source, PROGRAM);
        Path moduleSource = Files.writeString(folder.resolve("source/module-info.java"), MODULE);
        // Nothing but Kindred may be needed for it: what Kindred itself is compiled with is not its users' concern.
        tool("javac", "-d", classes.toString(), "-cp", kindred.toString(), source.toString());
        tool("javac", "-d", module.toString(), "-p", kindred.toString(), source.toString(), moduleSource.toString());
    }

    private static void tool(String name, String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments);
        assertEquals(0, code, said.toString(StandardCharsets.UTF_8));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<String> output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(Delays.LONG.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(0, process.exitValue(), output);
        return output.lines().toList();
    }

    private static void assertWellDone(String childsModule, List<String> lines) {
        assertEquals(3, lines.size(), lines::toString);
        assertTrue(lines.getFirst().startsWith("child in " + childsModule) && lines.getFirst().endsWith(" at /"), lines::toString);
        assertEquals(List.of("exit code 0, number 2", "other main with argument"), lines.subList(1, 3));
    }

    /** With entries that mean something else in the child's folder. */
    @Test
    void fromAClassPathOfRelativeEntries() throws Exception {
        Path here = folder.toRealPath();
        String path = here.relativize(classes.toRealPath()) + File.pathSeparator + here.relativize(kindred);
        assertWellDone("unnamed module", output(java(), "--enable-native-access=ALL-UNNAMED", "-cp", path, "program.Main"));
    }

    @Test
    void fromAJarThatNamesItsClassPath() throws Exception {
        tool("jar", "--create", "--file", folder.resolve("kindred.jar").toString(), "-C", kindredClasses().toString(), ".");
        Manifest manifest = manifest("program.Main");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "kindred.jar");
        try (OutputStream out = Files.newOutputStream(folder.resolve("application.jar"));
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            addAll(classes, entries);
        }
        assertWellDone("unnamed module", output(java(), "-jar", "application.jar"));
    }

    @Test
    void fromAModulePath() throws Exception {
        assertWellDone("module program", output(java(), "--enable-native-access=dev.kindred",
                "-p", module + File.pathSeparator + kindred, "-m", "program/program.Main"));
    }

    @Test
    void fromAClassPathBesideTheModule() throws Exception {
        assertWellDone("unnamed module", output(java(), "--enable-native-access=dev.kindred", "-p", kindred.toString(),
                "--add-modules", "dev.kindred", "-cp", classes.toString(), "program.Main"));
    }

    /** An image has neither class path nor module path; its java command runs the child. */
    @Test
    @Limit(seconds = 180)
    void fromAnImageOfJlink() throws Exception {
        Path image = folder.resolve("image");
        link(image);
        assertWellDone("module program", output(image.resolve("bin/java").toString(),
                "--enable-native-access=dev.kindred", "-m", "program/program.Main"));
    }

    /** Without the java command there is nothing that a child could be started with. */
    @Test
    @Limit(seconds = 180)
    void notFromAnImageWithoutTheJavaCommand() throws Exception {
        Path image = folder.resolve("stripped");
        link(image);
        Path hidden = Files.move(image.resolve("bin/java"), image.resolve("bin/launcher"));
        List<String> lines = output(hidden.toString(), "--enable-native-access=dev.kindred", "-m", "program/program.Main");
        assertEquals("refused: no child can be started, because " + image.toRealPath().resolve("bin/java")
                + " cannot be run: this run-time image was made without the java command (jlink and jpackage: leave out "
                + "--strip-native-commands)", lines.getFirst());
        assertEquals("refused again", lines.getLast());
    }

    private static void link(Path image) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = ToolProvider.findFirst("jlink").orElseThrow().run(out, out, "--module-path", module + File.pathSeparator + kindred,
                "--add-modules", "program", "--output", image.toString());
        assumeTrue(code == 0, "this JDK makes no images: " + said.toString(StandardCharsets.UTF_8));
    }

    /** A launcher as Spring Boot's: it reads the jars inside of its jar by a class loader of its own. */
    @Test
    void notFromJarsInsideOfAJar() throws Exception {
        Path jar = folder.resolve("nested.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest(NestedLauncher.class.getName()))) {
            addClass(NestedLauncher.class, entries);
            addClass(NestedLauncher.Loader.class, entries);
            entries.putNextEntry(new JarEntry("inner.jar"));
            JarOutputStream inner = new JarOutputStream(entries);
            addAll(classes, inner);
            addAll(kindredClasses(), inner);
            inner.finish();
        }
        List<String> lines = output(java(), "-jar", jar.toString());
        assertTrue(lines.getFirst().startsWith("refused: no child can be started, because Kindred was loaded by "
                + NestedLauncher.Loader.class.getName()) && lines.getFirst().contains("unpack the application"), lines::toString);
        assertEquals("refused again", lines.getLast());
    }

    private static Manifest manifest(String mainClass) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
        attributes.put(new Attributes.Name("Enable-Native-Access"), "ALL-UNNAMED");
        return manifest;
    }

    private static void addClass(Class<?> type, JarOutputStream to) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        to.putNextEntry(new JarEntry(name));
        try (InputStream in = Objects.requireNonNull(type.getResourceAsStream("/" + name))) {
            in.transferTo(to);
        }
    }

    private static void addAll(Path from, JarOutputStream to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String name = from.relativize(file).toString();
                if (!name.equals("META-INF/MANIFEST.MF")) {
                    to.putNextEntry(new JarEntry(name));
                    Files.copy(file, to);
                }
            }
        }
    }

    /** {@return a folder with Kindred's classes} They may lie in a jar. */
    private static Path kindredClasses() {
        if (Files.isDirectory(kindred)) {
            return kindred;
        }
        Path unpacked = folder.resolve("kindred");
        if (Files.notExists(unpacked)) {
            tool("jar", "--extract", "--file", kindred.toString(), "--dir", unpacked.toString());
        }
        return unpacked;
    }

    /** Runs the program in the jar that lies in its own. */
    static final class NestedLauncher {

        private NestedLauncher() {}

        static void main(String[] arguments) throws Exception {
            ClassLoader loader = new Loader();
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass("program.Main").getMethod("main", String[].class).invoke(null, (Object) arguments);
        }

        /** Finds classes and resources in the inner jar, each time from its beginning. */
        static final class Loader extends ClassLoader {

            Loader() {
                super(ClassLoader.getSystemClassLoader());
            }

            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] content = content(name.replace('.', '/') + ".class");
                if (content == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, content, 0, content.length);
            }

            @Override
            public @Nullable InputStream getResourceAsStream(String name) {
                byte[] content = content(name.startsWith("/") ? name.substring(1) : name);
                return content == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(content);
            }

            private static byte @Nullable [] content(String name) {
                try (JarInputStream inner = new JarInputStream(Objects.requireNonNull(ClassLoader.getSystemResourceAsStream("inner.jar")))) {
                    for (JarEntry entry = inner.getNextJarEntry(); entry != null; entry = inner.getNextJarEntry()) {
                        if (entry.getName().equals(name)) {
                            return inner.readAllBytes();
                        }
                    }
                    return null;
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(unreadable);
                }
            }
        }
    }
}
