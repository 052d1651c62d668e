// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** What every part of Kindred shares: named spaces, in which unrelated processes meet, and the exceptions. */
@NullMarked
package dev.kindred;

import org.jspecify.annotations.NullMarked;
