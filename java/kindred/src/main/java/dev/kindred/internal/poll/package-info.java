// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/**
 * How threads wait for descriptors: platform threads in the kernel, virtual threads through a pump, both woken by interrupts and by closing; and how
 * they wait for descriptors and words at once.
 */
@NullMarked
package dev.kindred.internal.poll;

import org.jspecify.annotations.NullMarked;
