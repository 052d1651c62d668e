// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** What becomes of shared memory that nobody reaches any more. */
@NullMarked
package dev.kindred.tests.space;

import org.jspecify.annotations.NullMarked;
