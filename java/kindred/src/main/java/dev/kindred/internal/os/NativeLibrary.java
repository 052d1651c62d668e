// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import dev.kindred.UnsupportedPlatformException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Finds and loads the C layer. */
public final class NativeLibrary {

    private static final String PATH = find();

    private NativeLibrary() {}

    /** {@return the file that was loaded, which a child can be given as {@code -Dkindred.library}} */
    public static String path() {
        return PATH;
    }

    @SuppressWarnings("restricted") // loading the library is what this class is for
    static void load() {
        System.load(PATH);
        byte[] missing = new byte[128];
        int result = Native.checkFloor(missing);
        if (result < 0) {
            throw new UnsupportedPlatformException(
                    "Kindred needs Linux 5.16 or later: " + Texts.text(missing) + " gives " + Errno.name(-result));
        }
    }

    private static String find() {
        String given = System.getProperty("kindred.library");
        if (given != null) {
            return given;
        }
        String resource = "/META-INF/native/linux-" + ("amd64".equals(System.getProperty("os.arch")) ? "x86_64" : "aarch64")
                + "/libkindred.so";
        try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new UnsupportedPlatformException("the jar of Kindred has no " + resource);
            }
            Path folder = Files.createTempDirectory("kindred");
            Path file = folder.resolve("libkindred.so");
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            file.toFile().deleteOnExit();
            folder.toFile().deleteOnExit();
            return file.toString();
        } catch (IOException e) {
            throw new UnsupportedPlatformException("the library of Kindred cannot be extracted: " + e.getMessage(), e);
        }
    }
}
