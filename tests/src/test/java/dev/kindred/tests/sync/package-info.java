// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** What locks, conditions, events and barriers promise to threads, virtual threads and processes, killed or not. */
@NullMarked
package dev.kindred.tests.sync;

import org.jspecify.annotations.NullMarked;
