# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Starts children from a forkserver that is running.

WHICH is 0 for the time from start to the child's first line, 1 for the time from start to join's return, and 2 for the time of a start
among STARTS of them, one after the other. The parent runs on CORE, the server and the children on OTHER-CORE.
Figure: milliseconds a start.
"""

import multiprocessing
import time

import peer
import starts


def main():
    count, core, other, which = peer.arguments("STARTS CORE OTHER-CORE WHICH")
    context = multiprocessing.get_context("forkserver")
    first_line = context.Value("q", 0, lock=False)
    # The server keeps the core it was started on, and its children keep the server's.
    peer.pin(other)
    starts.start_and_join(context, first_line)
    peer.pin(core)

    def play():
        if which < 2:
            return starts.median_of_starts(context, first_line, count, which)
        start = time.monotonic_ns()
        for _ in range(count):
            starts.start_and_join(context, first_line)
        return (time.monotonic_ns() - start) / 1e6 / count

    peer.play_rounds(play)


if __name__ == "__main__":
    main()
