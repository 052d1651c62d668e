// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Peers that are Java libraries: two JVMs of their own that share files in /dev/shm and nothing of Kindred. One class for each row plays as process 0; its
 * part names what both processes do.
 */
@NullMarked
package dev.kindred.bench.peers;

import org.jspecify.annotations.NullMarked;
