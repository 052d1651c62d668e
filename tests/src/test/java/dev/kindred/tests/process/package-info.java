// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Child processes: what they get, how they end, and who outlives whom. */
@NullMarked
package dev.kindred.tests.process;

import org.jspecify.annotations.NullMarked;
