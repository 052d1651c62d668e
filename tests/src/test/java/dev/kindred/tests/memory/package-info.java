// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Shared memory, lists, values, arrays and structs between processes: children, strangers, CPython, and C through JNA.
 */
@NullMarked
package dev.kindred.tests.memory;

import org.jspecify.annotations.NullMarked;
