// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The protocols on words under stress: each actor has a mapping of its own, as a process has. The explorer visits all interleavings, but of a machine
 * that takes one step after the other; here the processor and the compiler may reorder what the accesses allow.
 */
package dev.kindred.stress;
