// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

/**
 * A message with all that came with it.
 *
 * @param body        its bytes
 * @param descriptors what came with its first byte; the receiver's to close
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record ReceivedMessage(byte[] body, int[] descriptors) {}
