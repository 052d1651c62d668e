# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Adds one to a multiprocessing.Value under its lock, as the documentation says to. Figure: nanoseconds an increment."""

import multiprocessing
import time

import peer


def main():
    iterations, core = peer.arguments("ITERATIONS CORE")
    peer.pin(core)
    value = multiprocessing.Value("q", 0)

    def play():
        start = time.monotonic_ns()
        for _ in range(iterations):
            with value.get_lock():
                value.value += 1
        return (time.monotonic_ns() - start) / iterations

    peer.play_rounds(play)


if __name__ == "__main__":
    main()
