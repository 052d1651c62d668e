// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** What travels to a child while it is being started. */
@NullMarked
package dev.kindred.internal.inheritance;

import org.jspecify.annotations.NullMarked;
