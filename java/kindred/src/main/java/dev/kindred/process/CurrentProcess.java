// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.util.Optional;

/**
 * This process as its children and its parent see it. Got from {@link ChildProcess#current()}.
 *
 * {@snippet :
 * ChildProcess.start("reader", () -> System.out.println(ChildProcess.current().name()));   // prints "reader"
 * }
 *
 * @param name   the name its parent gave it; {@code main} for a process that no Kindred process started
 * @param pid    its process number
 * @param daemon whether it ends with its parent and may not have children
 * @param parent the process that started it; empty for one that no Kindred process started
 */
public record CurrentProcess(String name, long pid, boolean daemon, Optional<ParentProcess> parent) {

    /** The name of a process that no Kindred process started. */
    static final String ROOT_NAME = "main";
}
