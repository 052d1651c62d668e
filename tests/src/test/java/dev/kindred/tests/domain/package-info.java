// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** What it costs to be one of a large family. */
@NullMarked
package dev.kindred.tests.domain;

import org.jspecify.annotations.NullMarked;
