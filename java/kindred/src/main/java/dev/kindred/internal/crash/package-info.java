// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Named points at which a test can kill or stop its own process. */
@NullMarked
package dev.kindred.internal.crash;

import org.jspecify.annotations.NullMarked;
