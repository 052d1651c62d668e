// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** JMH benchmarks of what lies inside one JVM. */
@NullMarked
package dev.kindred.bench.jmh;

import org.jspecify.annotations.NullMarked;
