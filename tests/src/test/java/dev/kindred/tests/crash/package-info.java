// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Processes that die at named steps of the algorithms, in real JVMs. */
@NullMarked
package dev.kindred.tests.crash;

import org.jspecify.annotations.NullMarked;
