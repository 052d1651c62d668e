# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Two processes set events of multiprocessing for each other, wait for them and clear them. Figure: nanoseconds a round trip."""

import multiprocessing

import pair


def sides():
    """What each process does for one round trip."""
    there = multiprocessing.Event()
    back = multiprocessing.Event()

    def first():
        there.set()
        back.wait()
        back.clear()

    def second():
        there.wait()
        there.clear()
        back.set()

    return first, second


if __name__ == "__main__":
    pair.play("ROUND-TRIPS CORE OTHER-CORE", sides)
