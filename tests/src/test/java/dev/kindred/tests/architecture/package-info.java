// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Tests of the code's own shape. */
@NullMarked
package dev.kindred.tests.architecture;

import org.jspecify.annotations.NullMarked;
