// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Memory that processes share: {@link dev.kindred.memory.SharedMemory} and the {@link dev.kindred.memory.ShareableList}
 * in one, which CPython reads and writes too, and the C types, one by one, in arrays and in structs, with a lock or
 * without.
 */
@NullMarked
package dev.kindred.memory;

import org.jspecify.annotations.NullMarked;
