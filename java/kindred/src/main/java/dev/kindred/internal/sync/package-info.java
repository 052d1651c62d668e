// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Waiting, and the algorithms of synchronisation that survive the death of any process at any step. */
@NullMarked
package dev.kindred.internal.sync;

import org.jspecify.annotations.NullMarked;
