// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** How objects become bytes and objects again, in queues, connections and whatever else passes them on. */
@NullMarked
package dev.kindred.internal.codec;

import org.jspecify.annotations.NullMarked;
