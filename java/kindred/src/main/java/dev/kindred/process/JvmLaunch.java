// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a JVM for a child is started. Two children whose launches are equal can use the same spare.
 *
 * @param command       the {@code java} command, its options and the child's main class
 * @param environment   all variables it has
 * @param directory     its working folder, absolute; null for this process's
 * @param outliveParent whether it lives on when this process ends
 */
record JvmLaunch(List<String> command, Map<String, String> environment, @Nullable Path directory,
        boolean outliveParent) {}
