// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** The binding to the C layer: one method for each call, errors as exceptions. */
@NullMarked
package dev.kindred.internal.os;

import org.jspecify.annotations.NullMarked;
