# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Acquires and releases a multiprocessing.Lock that nobody else wants. Figure: nanoseconds a pair."""

import multiprocessing
import time

import peer


def main():
    iterations, core = peer.arguments("ITERATIONS CORE")
    peer.pin(core)
    lock = multiprocessing.Lock()

    def play():
        acquire, release = lock.acquire, lock.release
        start = time.monotonic_ns()
        for _ in range(iterations):
            acquire()
            release()
        return (time.monotonic_ns() - start) / iterations

    peer.play_rounds(play)


if __name__ == "__main__":
    main()
