// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** What happens where the system gives a process no more. */
@NullMarked
package dev.kindred.tests.limits;

import org.jspecify.annotations.NullMarked;
