// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

/** A program that loads the library and prints where it lay, or why it could not. */
final class LoadsLibrary {

    private LoadsLibrary() {}

    public static void main(String[] arguments) {
        try {
            NativeLibrary.require();
            System.out.println(NativeLibrary.path() + " " + (Native.processId() == ProcessHandle.current().pid()));
        } catch (RuntimeException e) {
            System.out.println(e);
        }
    }
}
