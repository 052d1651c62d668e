# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Starts children as new interpreters (spawn). The parent waits on CORE while they run on OTHER-CORE.

Figure: milliseconds from start to join's return.
"""

import multiprocessing
import statistics
import time

import peer
import starts


def main():
    count, core, other = peer.arguments("STARTS CORE OTHER-CORE")
    context = multiprocessing.get_context("spawn")
    first_line = context.Value("q", 0, lock=False)

    def spawn_and_join():
        start = time.monotonic_ns()
        child = context.Process(target=starts.task, args=(first_line,))
        # A child keeps the core of the thread that starts it.
        peer.pin(other)
        child.start()
        peer.pin(core)
        child.join()
        joined = time.monotonic_ns()
        if child.exitcode != 0:
            raise RuntimeError(f"the child ended with exit code {child.exitcode}")
        child.close()
        return (joined - start) / 1e6

    peer.play_rounds(lambda: statistics.median(spawn_and_join() for _ in range(count)))


if __name__ == "__main__":
    main()
