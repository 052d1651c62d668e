// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

/** A program that uses the library twice and prints where it lay, or why it could not: the same both times. */
final class LoadsLibrary {

    private LoadsLibrary() {}

    public static void main(String[] arguments) {
        String first = use();
        String second = use();
        System.out.println(first.equals(second) ? first : first + ", and then " + second);
    }

    private static String use() {
        try {
            Descriptors.close(SharedObjects.memfdCreate("kindred-test"));
            return NativeLibrary.path() + " " + (Processes.processId() == ProcessHandle.current().pid());
        } catch (RuntimeException e) {
            return e.toString();
        }
    }
}
