// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/** Tests of queues, pipes and connections. */
package dev.kindred.tests.channel;
