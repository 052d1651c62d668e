// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** The mutual exclusion that survives the death of its holder. */
@NullMarked
package dev.kindred.internal.lock;

import org.jspecify.annotations.NullMarked;
