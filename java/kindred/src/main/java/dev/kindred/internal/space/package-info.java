// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Small objects cut from one growable shared file, freed when no living process can reach them. */
@NullMarked
package dev.kindred.internal.space;

import org.jspecify.annotations.NullMarked;
