// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.examples;

import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;

/** A number that a child changes and the parent reads. */
public final class SharedNumber {

    private SharedNumber() {}

    /**
     * Runs this part.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public static void main() throws InterruptedException {
        Demo.title("1. A number shared with a child");
        Value price = Value.ofDouble(10.0);
        System.out.println("The parent puts in " + price.getDouble());
        try (ChildProcess child = ChildProcess.start("pricer", () -> {
            price.setDouble(10.78);
            System.out.println("Child " + ChildProcess.current().name() + ", process "
                    + ChildProcess.current().pid() + ", sets it");
        })) {
            child.join();
        }
        System.out.println("The parent reads " + price.getDouble());
    }
}
