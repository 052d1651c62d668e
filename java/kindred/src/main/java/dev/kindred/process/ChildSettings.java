// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.lang.ProcessBuilder.Redirect;
import org.jspecify.annotations.Nullable;

/**
 * What a builder has collected for one start.
 *
 * @param name   the child's name, null for its place in the family
 * @param daemon whether it ends with its parent
 * @param method where its JVM comes from
 * @param launch how that JVM is started
 * @param stdin  what it reads
 * @param stdout where its output goes
 * @param stderr where its errors go
 */
record ChildSettings(
        @Nullable String name,
        boolean daemon,
        StartMethod method,
        JvmLaunch launch,
        Redirect stdin,
        Redirect stdout,
        Redirect stderr) {}
