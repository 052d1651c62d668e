// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Rings in shared memory: what queues are made of. */
@NullMarked
package dev.kindred.internal.ring;

import org.jspecify.annotations.NullMarked;
