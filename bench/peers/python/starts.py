# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""What the peers that start children have in common: the children's task and how a start is timed. Times are in milliseconds."""

import statistics
import time


def task(first_line):
    """What every child does: it notes the time at its first line."""
    first_line.value = time.monotonic_ns()


def start_and_join(context, first_line):
    """Starts one child: the time to its first line, and to join's return."""
    start = time.monotonic_ns()
    child = context.Process(target=task, args=(first_line,))
    child.start()
    child.join()
    joined = time.monotonic_ns()
    if child.exitcode != 0:
        raise RuntimeError(f"the child ended with exit code {child.exitcode}")
    child.close()
    return (first_line.value - start) / 1e6, (joined - start) / 1e6


def median_of_starts(context, first_line, starts, which):
    """The median over some starts of the time to the first line (0) or to join's return (1)."""
    return statistics.median(start_and_join(context, first_line)[which] for _ in range(starts))
