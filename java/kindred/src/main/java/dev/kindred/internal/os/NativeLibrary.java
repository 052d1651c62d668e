// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import dev.kindred.UnsupportedPlatformException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds and loads the C layer.
 *
 * <p>It lies in the jar, one file for each platform, and beside it the digest of its content. The first process that needs it extracts it to a
 * {@linkplain LibraryCache cache folder} under a name that has the digest in it; later ones find it there. A child is told the file, by
 * {@value #LIBRARY_PROPERTY}, and looks at nothing.
 */
public final class NativeLibrary {

    /** The property that names the library's file. */
    public static final String LIBRARY_PROPERTY = "kindred.library";

    private static final int NAME_LENGTH = 128;
    private static final int FLOOR_MAJOR = 5;
    private static final int FLOOR_MINOR = 16;

    /** What was loaded; null until something could be. */
    private static volatile @Nullable String loaded;

    private NativeLibrary() {}

    /**
     * Makes sure that the library is there and that the machine has what it needs. The calls by which shared memory, and with it all else, comes
     * to be begin with this: later ones need not, and without it the error of the first would be that of a class's initialisation.
     *
     * @throws UnsupportedPlatformException if it is not; the next call tries again, because what was missing may have been a descriptor
     */
    public static void require() {
        if (loaded == null) {
            String _ = path();
        }
    }

    /**
     * {@return the file that was loaded, for {@value #LIBRARY_PROPERTY} of a child}
     *
     * @throws UnsupportedPlatformException if none could be
     */
    public static synchronized String path() {
        String path = loaded;
        if (path == null) {
            path = load();
            loaded = path;
        }
        return path;
    }

    private static String load() {
        String given = System.getProperty(LIBRARY_PROPERTY);
        Path library = given == null ? extract() : Path.of(given).toAbsolutePath();
        link(library, given == null);
        byte[] call = new byte[NAME_LENGTH];
        byte[] error = new byte[NAME_LENGTH];
        if (checkFloor(call, error) < 0) {
            throw new UnsupportedPlatformException(missing(Texts.text(call), Texts.text(error), System.getProperty("os.version")));
        }
        return library.toString();
    }

    /** Fills in the name of the first call that is missing, and that of the error it gives. {@return 0 or -errno} */
    private static native int checkFloor(byte[] call, byte[] error);

    @SuppressWarnings("restricted") // loading the library is what this class is for
    private static void link(Path library, boolean extracted) {
        try {
            System.load(library.toString());
        } catch (UnsatisfiedLinkError e) {
            throw new UnsupportedPlatformException(unloadable(library, extracted, String.valueOf(e.getMessage())), e);
        }
    }

    /** {@return what to say of a file that the dynamic linker refuses} */
    static String unloadable(Path library, boolean extracted, String reason) {
        String advice;
        if (reason.contains("failed to map segment")) {
            advice = "; programs may not be run from the file system of " + library.getParent() + " (noexec): set -D"
                    + LibraryCache.FOLDER_PROPERTY + "=FOLDER to a folder from which they may, or -D" + LIBRARY_PROPERTY
                    + "=FILE to the library itself";
        } else if (extracted) {
            advice = "";
        } else {
            advice = "; it was named by -D" + LIBRARY_PROPERTY;
        }
        return "the native library of Kindred cannot be loaded: " + reason + advice;
    }

    /** {@return what to say of a machine that lacks a call} */
    static String missing(String call, String error, String kernel) {
        if (error.equals("EMFILE") || error.equals("ENFILE")) {
            return "Kindred cannot be loaded now: " + call + " fails with " + error + ", because "
                    + (error.equals("EMFILE") ? "this process" : "the machine") + " has as many descriptors open as it may; close some, or raise"
                    + " the limit (" + (error.equals("EMFILE") ? "ulimit -n" : "sysctl fs.file-max") + ")";
        }
        String floor = FLOOR_MAJOR + "." + FLOOR_MINOR;
        if (isBelowFloor(kernel)) {
            return "Kindred needs Linux " + floor + " or later, and this is Linux " + kernel + ": " + call + " fails with " + error;
        }
        return "Kindred cannot work in this sandbox: " + call + ", which Linux " + kernel + " has, fails with " + error
                + "; let the seccomp profile of the container allow it (docker and podman: --security-opt seccomp=PROFILE), or update what"
                + " runs the container";
    }

    private static boolean isBelowFloor(String kernel) {
        String[] numbers = kernel.split("[^0-9]", 3);
        if (numbers.length < 2 || numbers[0].isEmpty() || numbers[1].isEmpty()) {
            return true;
        }
        int major = Integer.parseInt(numbers[0]);
        return major < FLOOR_MAJOR || (major == FLOOR_MAJOR && Integer.parseInt(numbers[1]) < FLOOR_MINOR);
    }

    private static Path extract() {
        String platform = platform(
                System.getProperty("os.name"), System.getProperty("os.arch"), System.getProperty("os.version"));
        String resource = "/META-INF/native/" + platform + "/libkindred.so";
        byte[] content = resource(resource, platform);
        String digest = new String(resource(resource + ".sha256", platform), StandardCharsets.US_ASCII).strip();
        return LibraryCache.standard().provide("libkindred-" + digest + ".so", content);
    }

    private static byte[] resource(String name, String platform) {
        try (InputStream in = NativeLibrary.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new UnsupportedPlatformException("this jar of Kindred has no library for " + platform + ": " + name
                        + " is missing; use one that has it, or set -D" + LIBRARY_PROPERTY + "=FILE to one you built");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UnsupportedPlatformException("the jar of Kindred cannot be read: " + name + ": " + e.getMessage(), e);
        }
    }

    /** {@return the name of this platform's folder in the jar} */
    static String platform(String system, String architecture, String version) {
        String processor =
                switch (architecture) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64" -> "aarch64";
                    default -> null;
                };
        if (!"Linux".equals(system) || processor == null) {
            throw new UnsupportedPlatformException(
                    "Kindred runs on Linux, on x86_64 and aarch64, and this is " + system + " " + version + " on " + architecture);
        }
        return "linux-" + processor + (runsOnMusl(processor) ? "-musl" : "");
    }

    /** Whether this process's C library is musl. That it is installed proves nothing, but where it is not nothing more need be read. */
    private static boolean runsOnMusl(String processor) {
        String linker = "ld-musl-" + processor.toLowerCase(Locale.ROOT) + ".so.1";
        if (!Files.exists(Path.of("/lib", linker))) {
            return false;
        }
        try {
            return Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1).contains(linker);
        } catch (IOException e) {
            throw new UnsupportedPlatformException("cannot tell which C library this is: /proc/self/maps: " + e.getMessage(), e);
        }
    }
}
