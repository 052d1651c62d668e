// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Who is alive: the table of the processes of a family, the discovery of deaths and their recovery. */
@NullMarked
package dev.kindred.internal.domain;

import org.jspecify.annotations.NullMarked;
