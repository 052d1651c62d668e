# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Two processes hand a permit to each other and back through two semaphores of multiprocessing. Figure: nanoseconds a round trip."""

import multiprocessing

import pair


def sides():
    """What each process does for one round trip."""
    there = multiprocessing.Semaphore(0)
    back = multiprocessing.Semaphore(0)

    def first():
        there.release()
        back.acquire()

    def second():
        there.acquire()
        back.release()

    return first, second


if __name__ == "__main__":
    pair.play("ROUND-TRIPS CORE OTHER-CORE", sides)
