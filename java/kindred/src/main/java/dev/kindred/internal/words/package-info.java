// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Shared memory as words: loads, stores, compare-and-set, sleeping and waking, against which every algorithm is written. */
@NullMarked
package dev.kindred.internal.words;

import org.jspecify.annotations.NullMarked;
