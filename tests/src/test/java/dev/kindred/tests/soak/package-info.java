// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** All primitives at once, among processes that are killed and stopped at random. */
@NullMarked
package dev.kindred.tests.soak;

import org.jspecify.annotations.NullMarked;
