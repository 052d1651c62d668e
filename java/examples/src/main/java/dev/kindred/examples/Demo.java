// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.examples;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Shows what Kindred does, one part after the other: {@code mvn -q -Pdemo verify}. Each part is a class of its own, and
 * can be run alone.
 */
public final class Demo {

    private Demo() {}

    /**
     * Runs all parts.
     *
     * @param arguments a folder whose text files are to be counted; none or an empty one for the licence texts of this
     *                  machine
     * @throws Exception if a part fails
     */
    public static void main(String[] arguments) throws Exception {
        System.out.println("Process " + ProcessHandle.current().pid() + " on Java "
                + System.getProperty("java.version") + " runs the demo.");
        SharedNumber.main();
        SharedArray.main();
        WhatIsShared.main();
        KilledOwner.main();
        WordCount.main(arguments);
    }

    static void title(String text) {
        System.out.println();
        System.out.println(text);
        System.out.println("-".repeat(text.length()));
    }

    /** {@return the folder named, or one with licence texts: Debian's, or where there is none, that of the JDK} */
    static Path folder(String[] arguments) {
        if (arguments.length > 0 && !arguments[0].isEmpty()) {
            return Path.of(arguments[0]);
        }
        Path licences = Path.of("/usr/share/common-licenses");
        return Files.isDirectory(licences) ? licences : Path.of(System.getProperty("java.home"), "legal");
    }
}
