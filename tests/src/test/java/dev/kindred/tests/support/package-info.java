// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** What tests across processes stand on: child JVMs, signals, delays, and the watch over what a test leaves behind. */
@NullMarked
package dev.kindred.tests.support;

import org.jspecify.annotations.NullMarked;
