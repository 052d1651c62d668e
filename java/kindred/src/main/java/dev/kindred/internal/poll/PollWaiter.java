// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.poll;

/**
 * What waits for a descriptor through the pump.
 *
 * @param descriptor which stays open until the waiter is removed
 * @param events     {@code EPOLL} constants
 * @param waking     run once it is ready, on the pump's thread; must not wait
 */
record PollWaiter(int descriptor, int events, Runnable waking) {}
