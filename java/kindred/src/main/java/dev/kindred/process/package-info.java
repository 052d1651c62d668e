// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Child processes: starting a JVM that inherits shared memory and locks, waiting for it, ending it. */
@NullMarked
package dev.kindred.process;

import org.jspecify.annotations.NullMarked;
