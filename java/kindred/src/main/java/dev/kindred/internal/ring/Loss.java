// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.ring;

/**
 * Elements that were lost with a process that had taken them.
 *
 * @param name  of the process
 * @param pid   of the process, 0 for several
 * @param count how many
 */
public record Loss(String name, long pid, int count) {}
