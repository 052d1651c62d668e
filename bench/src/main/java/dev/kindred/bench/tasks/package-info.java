// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** What our own processes play: one class for each row. */
@NullMarked
package dev.kindred.bench.tasks;

import org.jspecify.annotations.NullMarked;
